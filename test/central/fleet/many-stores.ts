// A chain of stores in central's tables, as enrolment, hellos and reports leave them: each state among many that are well.

import type { Insertable } from 'kysely';
import type { Db, Tables } from '../../../central/schema.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const IN_ONE_STATEMENT = 500;

type Rows = {
  store: Insertable<Tables['store']>[];
  stream: Insertable<Tables['stream']>[];
  device: Insertable<Tables['device']>[];
  store_status: Insertable<Tables['store_status']>[];
  exception: Insertable<Tables['exception']>[];
};

/** What is other than well of a store, by its number. */
type Odd = {
  heardMs?: number;
  waiting?: number;
  waitingMs?: number;
  pausedMs?: number;
  notices?: string[];
  skewMs?: number;
  untilMs?: number;
  refused?: number;
  state?: 'revoked' | 'retired';
  isUnheard?: boolean;
  questions?: number;
};

/** In days of a chain: a few need somebody, some are silent, most are well. */
function oddOf(n: number): Odd {
  if (n % 700 === 3) return { heardMs: 3 * DAY };
  if (n % 500 === 7) return { state: 'revoked' };
  if (n % 400 === 11) return { waiting: 1_480, waitingMs: 3 * HOUR };
  if (n % 350 === 13) return { notices: ['disk-nearly-full'] };
  if (n % 300 === 17) return { untilMs: 2 * DAY };
  if (n % 250 === 19) return { pausedMs: 40 * MINUTE, waiting: 212, waitingMs: 40 * MINUTE };
  if (n % 220 === 21) return { state: 'retired' };
  if (n % 210 === 23) return { questions: 2 };
  if (n % 180 === 29) return { isUnheard: true };
  if (n % 97 === 31) return { skewMs: -4 * MINUTE };
  if (n % 60 === 37) return { heardMs: (1 + (n % 30)) * 37 * MINUTE, waiting: n % 3 === 0 ? 31 : 0 };
  if (n % 45 === 41) return { waiting: 96, waitingMs: 17 * MINUTE };
  if (n % 80 === 43) return { refused: 1 + (n % 3) };
  return n % 9 === 0 ? { waiting: 1 + (n % 40), waitingMs: MINUTE } : {};
}

export const storeNumber = (n: number): string => `S${String(n).padStart(4, '0')}`;
export const deviceNumber = (n: number): string => `d${String(n).padStart(12, '0')}`;

/** `count` stores with one computer each; `odd` says what is other than well, as above unless given. */
export async function insertStores(db: Db, count: number, nowMs: number, odd = oddOf): Promise<void> {
  const rows: Rows = { store: [], stream: [], device: [], store_status: [], exception: [] };
  for (let n = 1; n <= count; n++) addStore(rows, n, odd(n), nowMs);
  await db
    .insertInto('enrolment_token')
    .values({
      ...{ id: 'all', hash: 'h', replace: false, created_by: 'anna', revoked_ms: null },
      ...{ created_ms: nowMs - 90 * DAY, expires_ms: nowMs - 83 * DAY },
    })
    .execute();
  for (const [table, all] of Object.entries(rows) as [keyof Rows, never[]][]) {
    for (let at = 0; at < all.length; at += IN_ONE_STATEMENT) {
      await db
        .insertInto(table)
        .values(all.slice(at, at + IN_ONE_STATEMENT))
        .execute();
    }
  }
}

function addStore(rows: Rows, n: number, odd: Odd, nowMs: number): void {
  const store = storeNumber(n);
  const heardMs = nowMs - (odd.heardMs ?? (n % 5) * MINUTE);
  const enrolled_ms = nowMs - 80 * DAY;
  const agent = n % 7 === 0 ? '0.9.4' : '1.0.0';
  rows.store.push({ store, created_ms: enrolled_ms });
  const isUnheard = odd.isUnheard === true;
  rows.stream.push({
    ...{ store, epoch: isUnheard ? null : 1, life: isUnheard ? null : 'a', seq: isUnheard ? 0 : 1_000 + n },
    ...{ aside: odd.refused ?? 0, posted_ms: isUnheard ? null : heardMs - (n % 11) * MINUTE, entries: 0 },
    ...{ dseq: 0, held_dseq: 0, acked_dseq: 0, promised_dseq: 0, superseded: [] },
  } as Insertable<Tables['stream']>);
  rows.device.push({
    ...{ device: deviceNumber(n), store, state: odd.state ?? 'active', computer: `POS-PC-${n}`, agent },
    ...{ public_key: String(n).padStart(64, '0'), previous_key: null, token: 'all', enrolled_ms },
    ...{ from_ms: enrolled_ms, until_ms: nowMs + (odd.untilMs ?? 40 * DAY), withdrawn: odd.state !== undefined },
    ...{ ended_ms: odd.state === undefined ? null : heardMs, ended_by: odd.state === undefined ? null : 'anna' },
  });
  if (isUnheard) return;
  rows.store_status.push({
    ...{ store, told_ms: heardMs, line: 'online', agent, started_ms: nowMs - 9 * DAY, device: deviceNumber(n) },
    ...{ certificate_until_ms: null, waiting: odd.waiting ?? 0, captured_ms: heardMs, set_aside: 0, questions: 0 },
    waiting_since_ms: odd.waitingMs === undefined ? null : nowMs - odd.waitingMs,
    paused_ms: odd.pausedMs === undefined ? null : nowMs - odd.pausedMs,
    ...(odd.pausedMs === undefined
      ? { paused_by: null, paused_why: null }
      : { paused_by: 'Ben', paused_why: 'repair' }),
    ...{ disk_free_bytes: 76_000_000_000, disk_days: 900, skew_ms: odd.skewMs ?? 300, notices: odd.notices ?? [] },
  });
  for (let q = 0; q < (odd.questions ?? 0); q++) {
    rows.exception.push({
      ...{ store, id: `fork/${q}/x`, type: 'fork', sku: null, evidence: [], raised_ms: nowMs - DAY },
      ...{ message: 'Two computers wrote under the name of this store.', deadline_ms: nowMs + DAY },
      ...{ raised_by: '1:1', decided_by: null, option: null, decided_ms: null },
    });
  }
}
