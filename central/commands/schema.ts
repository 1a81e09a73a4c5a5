// The tables of commands as Kysely sees them; central/migrations/0009-commands.ts makes them.
import type { Generated } from 'kysely';
import type { CommandKind, CommandState } from '../../core/command.ts';

export type CommandTable = {
  /** In the order in which they were asked for. */
  n: Generated<number>;
  id: string;
  store: string;
  kind: CommandKind;
  /** JSON, as it travels. */
  args: string;
  issued_by: string;
  issued_ms: number;
  expires_ms: number;
  state: CommandState;
  message: string;
  /** When it was last said to the store; null before. */
  said_ms: number | null;
  changed_ms: number;
  /** False once it has come to an end. */
  is_open: boolean;
};

/** Never changed. */
type CommandEventTable = { n: Generated<number>; id: string; at_ms: number; state: CommandState; message: string };

type CommandFileTable = { id: string; store: string; device: string; at_ms: number; bytes: Buffer };

/** How a store last said that it is; all times by central's clock. */
export type StoreStatusTable = {
  store: string;
  told_ms: number;
  line: string;
  agent: string;
  started_ms: number;
  device: string | null;
  certificate_until_ms: number | null;
  waiting: number;
  waiting_since_ms: number | null;
  captured_ms: number | null;
  set_aside: number;
  questions: number;
  paused_ms: number | null;
  paused_by: string | null;
  paused_why: string | null;
  disk_free_bytes: number | null;
  disk_days: number | null;
  skew_ms: number | null;
  notices: string[];
};

export type CommandTables = {
  command: CommandTable;
  command_event: CommandEventTable;
  command_file: CommandFileTable;
  store_status: StoreStatusTable;
};
