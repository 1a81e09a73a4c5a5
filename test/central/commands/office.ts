// A head office on an embedded database whose clock is moved by hand, and stores that hear commands and report.
import { afterAll, beforeAll } from 'vitest';
import { issueCommands, listCommands, tellCommand } from '../../../central/commands/issue.ts';
import { openCommands } from '../../../central/commands/telling.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openDelivery } from '../../../central/delivery.ts';
import { frameWork } from '../../../central/frames.ts';
import type { Reply } from '../../../central/replies.ts';
import type { CommandRequest } from '../../../protocol/hq/commands.ts';
import { encodeFrame } from '../../../protocol/wire/codec.ts';
import type { Frame } from '../../../protocol/wire/frames.ts';
import type { Command, OrderResult, Report, StoreStatus } from '../../../protocol/wire/order-frames.ts';
import { type Device, makeDevice, randomHex } from '../device.ts';
import { openSqlRig } from '../sql-rig.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
export const HOUR_MS = 3_600_000;

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** One for all tests of the caller; each test takes stores of its own. Filled before the first of them. */
export function useOffice(): Office {
  const office = {} as Office;
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    const database = await openDatabase(IN_MEMORY);
    close = database.close;
    Object.assign(office, await openOffice(database));
  }, 60_000);
  afterAll(() => close());
  return office;
}

async function openOffice({ db }: CentralDatabase) {
  const rig = await openSqlRig(db);
  const clock = { ms: 1_000_000 };
  const online = new Set<string>();
  const said: Reply[] = [];
  const intake = { ...rig.intake, wallMs: () => clock.ms };
  const say = (_: string, reply: Reply): void => void said.push(reply);
  const commands = openCommands({ db, intake, isOnline: (store) => online.has(store), say });
  const work = frameWork(intake, silent, openDelivery(intake, say), say, commands);

  /** What central says to it, in order. */
  async function hear(store: string, frame: Frame): Promise<Reply[]> {
    said.length = 0;
    await work.take(store, [work.open(store, encodeFrame(frame, 'none'))], () => {});
    return [...said];
  }

  function store(name: string, device: Device = makeDevice(name)) {
    let session = '';
    const report = (words: Partial<Pick<Report, 'status' | 'results'>>, at = clock.ms): Report =>
      device.say<Report>(session, { kind: 'report', status: null, results: [], ...words, at });
    return {
      device,
      /** The frame of commands behind the welcome. */
      async hello(): Promise<Command> {
        const replies = await hear(name, device.hello());
        const [welcome] = replies;
        if (welcome?.kind === 'welcome') session = welcome.session;
        return commandIn(replies);
      },
      report,
      say: (frame: Frame) => hear(name, frame),
      tell: (...results: OrderResult[]) => hear(name, report({ results })),
      tellStatus: (status: StoreStatus, at?: number) => hear(name, report({ status }, at)),
    };
  }

  return {
    ...{ db, clock, online, said, commands, store, intake, hear },
    async ask(stores: string[], command: CommandRequest, over: { hours?: number; key?: string } = {}) {
      const { hours = 72, key = randomHex(8) } = over;
      const body = { stores, command, hours };
      return issueCommands(db, { headers: { 'idempotency-key': key }, body }, { by: 'J. Weber', nowMs: clock.ms });
    },
    async stateOf(id: string) {
      const [row] = await listCommands(db, { ids: [id], limit: 1 });
      return { state: row?.state, message: row?.message, open: row?.open };
    },
    story: (id: string) => tellCommand(db, id, 100),
  };
}

export function commandIn(replies: Reply[]): Command {
  const command = replies.findLast(({ kind }) => kind === 'command');
  if (command?.kind !== 'command') throw new Error(`no command but ${replies.map(({ kind }) => kind).join(', ')}`);
  return command;
}

export function idsOf(ids: string[] | { code: string; message: string }): string[] {
  if ('code' in ids) throw new Error(ids.message);
  return ids;
}

export const result = (id: string, state: OrderResult['state'], message = ''): OrderResult => ({
  ...{ id, state, message, at: 5 },
});
