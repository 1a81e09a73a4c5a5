// Assertions for our own bugs: a failed one stops the program, it is never a till's or a user's mistake.

export class Defect extends Error {
  override name = 'Defect';
}

export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Defect(what);
}

export function assertNever(value: never): never {
  throw new Defect(`a case nobody handles: ${JSON.stringify(value)}`);
}
