// German: what others propose for articles that this store decides on.

export const proposed = {
  waiting: (articles: number) =>
    articles === 1
      ? 'Jemand schlägt etwas anderes vor für einen Artikel, über den dieser Laden entscheidet:'
      : `Jemand schlägt etwas anderes vor für ${articles} Artikel, über die dieser Laden entscheidet:`,
  heading: 'Diesem Laden vorgeschlagen',
  headOffice: 'Die Zentrale',
  store: (store: string) => `Der Laden ${store}`,
  region: (region: string) => `Die Region ${region}`,
  item: (who: string, what: string, wanted: string, now: string) =>
    `${who} schlägt vor: ${what} ${wanted}, jetzt ${now}.`,
  accept: 'Übernehmen',
  reject: 'So lassen',
  acceptOf: (what: string, wanted: string) => `Übernehmen: ${what} ${wanted}`,
  rejectOf: (what: string, wanted: string) => `So lassen: ${what}, nicht ${wanted}`,
  done: 'Beantwortet. Die Zentrale weiß es.',
  changed: 'Nicht getan: es wurde inzwischen beantwortet oder geändert. Bitte sehen Sie es noch einmal an.',
  unreached: 'Die Zentrale ist gerade nicht erreichbar. Bitte antworten Sie später.',
};
