// Waits for what becomes of commands, and fetches what they bring.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandState, isEnd } from '../../core/command.ts';
import { COMMAND_WATCH_MS } from '../../core/limits/commands.ts';
import { CommandFile, type CommandRow, CommandStory } from '../../protocol/hq/commands.ts';
import type { CentralClient } from '../central-client.ts';
import { writePrivateFile } from '../data-folder.ts';
import { pathFromCaller } from './options.ts';

const STATES: Record<CommandState, string> = {
  waiting: 'waits until the store is in touch',
  sent: 'sent',
  heard: 'the store has it, and does something else first',
  begun: 'under way',
  done: 'done',
  declined: 'declined',
  failed: 'failed',
  expired: 'expired',
  unknown: 'not known',
};

export const sentenceOf = ({ state, message }: { state: CommandState; message: string }): string =>
  message === '' ? `${STATES[state]}.` : `${STATES[state]}: ${message}`;

/** As they stand when all have come to an end, or the time is over. `say` hears each change once. */
export async function watchCommands(
  client: CentralClient,
  asked: CommandRow[],
  waitMs: number,
  say: (line: string) => void,
): Promise<CommandRow[]> {
  const end = Date.now() + waitMs;
  const rows = new Map(asked.map((row) => [row.id, row]));
  const told = new Map<string, string>();
  const tell = (row: CommandRow): void => {
    const sentence = sentenceOf(row);
    if (told.get(row.id) === sentence) return;
    told.set(row.id, sentence);
    say(`${row.store}: ${sentence}`);
  };
  for (;;) {
    for (const row of rows.values()) tell(row);
    const open = [...rows.values()].filter(({ state }) => !isEnd(state));
    if (open.length === 0) break;
    if (Date.now() >= end) {
      say(`Not finished yet: ${open.map(({ store }) => store).join(', ')}. See "tillwire command list".`);
      break;
    }
    await wait(COMMAND_WATCH_MS);
    for (const { id } of open) rows.set(id, (await client.get(`/commands/${id}`, {}, CommandStory)).command);
  }
  return [...rows.values()];
}

/** Writes the bundles of those that brought one: to `out`, or as they are named into the folder of the caller. */
export async function saveBundles(
  client: CentralClient,
  rows: CommandRow[],
  out: string | undefined,
): Promise<{ id: string; path: string }[]> {
  const saved: { id: string; path: string }[] = [];
  if (out !== undefined && rows.length > 1) mkdirSync(out, { recursive: true });
  for (const { id, file } of rows) {
    if (!file) continue;
    const { name, base64 } = await client.get(`/commands/${id}/diagnostics`, {}, CommandFile);
    const path = out === undefined ? pathFromCaller(name) : rows.length > 1 ? join(out, name) : out;
    writePrivateFile(path, Buffer.from(base64, 'base64'));
    saved.push({ id, path });
  }
  return saved;
}
