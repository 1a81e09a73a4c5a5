// A mistake of whoever called the program: told in a sentence, without a stack, exit code 2.

export class UsageError extends Error {
  override name = 'UsageError';
}
