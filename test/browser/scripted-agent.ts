// An agent made of scripted data behind the agent's own listener: the real contract, page, token and security header.
import { tmpdir } from 'node:os';
import { EventPublisher, implement } from '@orpc/server';
import { captureHandler } from '../../capture/http.ts';
import { WINDOW_PULSE_MS } from '../../core/limits/window.ts';
import { openAgentHttp } from '../../main/agent-http.ts';
import { tryRoom } from '../../main/rooms/try.ts';
import type { WaitingProposal } from '../../protocol/device/catalogue.ts';
import type { Decision, ExceptionRow, ReceiptOutcome, ShelfStory } from '../../protocol/local/exceptions.ts';
import type { Bucket } from '../../protocol/local/rooms/now.ts';
import type { RecentRow } from '../../protocol/local/rooms/receipts.ts';
import type { SetAsideRow } from '../../protocol/local/rooms/set-aside.ts';
import type { ProposalAnswer } from '../../protocol/local/rooms/stock.ts';
import { type Snapshot, windowContract } from '../../protocol/local/window.ts';
import type { Storage } from '../../storage/client.ts';
import { memoryJournal } from '../capture/memory-journal.ts';
import { scriptCount } from './script-count.ts';
import { scriptGoods } from './script-goods.ts';
import { type PcScript, scriptedPc } from './script-pc.ts';
import { scriptReceipts } from './script-receipts.ts';

/** What the scripted agent knows; `rows` newest first. */
export type Script = PcScript & {
  state: Snapshot;
  rows: RecentRow[];
  buckets: Bucket[];
  setAside: SetAsideRow[];
  exceptions: ExceptionRow[];
  /** What became of any receipt. */
  outcome: ReceiptOutcome | null;
  /** Histories that are known of shelves. */
  stories: ShelfStory[];
  /** Articles of the stock room; a few unless told. */
  articles?: number | undefined;
  /** What others propose to this store, and its answers. */
  /** Figures of the stock room are head office's, of then. */
  asOfMs?: number | undefined;
  proposed?: WaitingProposal[] | undefined;
  answers?: ProposalAnswer[] | undefined;
  /** The receipts room stands over the journal as well; else it shows `rows`. */
  realReceipts?: boolean | undefined;
};

export type ScriptedAgent = {
  script: Script;
  /** Address of the window with its token, and without. */
  url: () => string;
  bareUrl: () => string;
  token: string;
  /** Tells open windows about a change. */
  change: (changed: Partial<Snapshot>) => void;
  /** As if the program hung: the line stays, nothing is told or answered any more. */
  hang: () => void;
  /** Questions answered so far, by name. */
  asked: Record<string, number>;
  /** Answers that were given. */
  decisions: Decision[];
  /** The journal behind the stock and goods rooms. */
  storage: () => Promise<Storage>;
  start: () => Promise<void>;
  /** As if the program was killed: all lines drop. */
  stop: () => Promise<void>;
};

type Listener = Awaited<ReturnType<typeof openAgentHttp>>;

export function scriptedAgent(script: Script, token = 'open-sesame'): ScriptedAgent {
  const asked: Record<string, number> = {};
  const decisions: Decision[] = [];
  const changes = new EventPublisher<{ state: Snapshot }>({ maxBufferedEvents: 100 });
  let hanging = false;
  let listener: Listener | null = null;
  let port = 0;
  let pulse: ReturnType<typeof setInterval> | undefined;

  const count = (name: string): void => {
    asked[name] = (asked[name] ?? 0) + 1;
  };
  const told = (): void => changes.publish('state', { ...script.state, nowMs: Date.now() });
  const rooms = scriptGoods(script, told);
  const os = implement(windowContract);
  const router = os.router({
    watch: os.watch.handler(async function* ({ signal }) {
      if (hanging) await new Promise(() => {});
      yield script.state;
      yield* changes.subscribe('state', { signal });
    }),
    heard: os.heard.handler(() => count('heard')),
    now: {
      chart: os.now.chart.handler(async () => {
        count('chart');
        if (hanging) await new Promise(() => {});
        return script.buckets;
      }),
    },
    needs: {
      list: os.needs.list.handler(async () => script.exceptions),
      decide: os.needs.decide.handler(async ({ input }) => {
        const isOpen = script.exceptions.some(({ id }) => id === input.exception);
        if (!isOpen) return { result: 'already-decided', sentence: 'Already decided: the first decision stands.' };
        decisions.push(input);
        script.exceptions = script.exceptions.filter(({ id }) => id !== input.exception);
        return { result: 'decided', sentence: 'Your answer is kept and goes to head office by itself.' };
      }),
    },
    receipts: scriptReceipts(script, rooms.storage, count),
    stock: rooms.stock,
    goods: rooms.goods,
    count: scriptCount(script.state.store, rooms.storage, told),
    setAside: {
      list: os.setAside.list.handler(async ({ input }) =>
        script.setAside.filter(({ id }) => id > (input.after ?? 0)).slice(0, input.limit),
      ),
    },
    pc: scriptedPc(script, told, count),
    tryFile: tryRoom({ storage: { store: script.state.store } }),
  });
  const capture = captureHandler({
    ...{ journal: memoryJournal(), store: script.state.store, token: 'of the tills' },
    ...{ pseudonymKey: new Uint8Array(32), clock: { wallMs: Date.now, monotonicMs: () => performance.now() } },
    spillFolder: tmpdir(),
  });
  return {
    script,
    asked,
    decisions,
    storage: rooms.storage,
    token,
    url: () => `http://127.0.0.1:${port}/#token=${token}`,
    bareUrl: () => `http://127.0.0.1:${port}/`,
    change(changed) {
      script.state = { ...script.state, ...changed, nowMs: Date.now() };
      changes.publish('state', script.state);
    },
    hang() {
      hanging = true;
    },
    async start() {
      script.state = { ...script.state, startedMs: Date.now() };
      pulse = setInterval(() => {
        if (!hanging) changes.publish('state', { ...script.state, nowMs: Date.now() });
      }, WINDOW_PULSE_MS);
      const tills = { token: 'of the tills', capture, status: async () => script.state };
      listener = await openAgentHttp({ ...tills, port, windowToken: token, router });
      port = Number(new URL(listener.url).port);
    },
    async stop() {
      clearInterval(pulse);
      await listener?.close();
      listener = null;
      await rooms.close();
    },
  };
}
