// English: what others propose for articles that this store decides on.

export const proposed = {
  waiting: (articles: number) =>
    articles === 1
      ? 'Somebody proposes another value for an article that this store decides on:'
      : `Somebody proposes other values for ${articles} articles that this store decides on:`,
  heading: 'Proposed to this store',
  headOffice: 'Head office',
  store: (store: string) => `Store ${store}`,
  region: (region: string) => `Region ${region}`,
  item: (who: string, what: string, wanted: string, now: string) => `${who} proposes: ${what} ${wanted}, now ${now}.`,
  accept: 'Take it over',
  reject: 'Leave it as it is',
  acceptOf: (what: string, wanted: string) => `Take it over: ${what} ${wanted}`,
  rejectOf: (what: string, wanted: string) => `Leave it as it is: ${what}, not ${wanted}`,
  done: 'Answered. Head office has heard it.',
  changed: 'Not done: it was answered or changed in the meantime. Please look at it again.',
  unreached: 'Head office cannot be reached now. Please answer later.',
};
