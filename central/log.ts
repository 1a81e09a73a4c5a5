// Where central tells its operator what happened: pino fits it, and so does a test's array.

export type Log = {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
};

/** What an error says, without its stack and without the values that were in the statement. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
