// Jobs one after the other: the session sees its inputs in order although the journal answers with promises.

export type Queue = {
  /** Jobs that fail are told and don't stop the next one. */
  run(job: () => Promise<void> | void): void;
  /** When everything queued so far is done. */
  idle(): Promise<void>;
  /** Jobs that wait or run. */
  length(): number;
};

export function makeQueue(onError: (error: unknown) => void): Queue {
  let last = Promise.resolve();
  let length = 0;
  return {
    run(job) {
      length += 1;
      last = last
        .then(job)
        .catch(onError)
        .finally(() => {
          length -= 1;
        });
    },
    idle: () => last,
    length: () => length,
  };
}
