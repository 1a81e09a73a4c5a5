// What an error says, for log lines.

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
