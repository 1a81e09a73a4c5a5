// Believable states of a store, for the window's tests and pictures.
import { EXCEPTIONS, type ExceptionType } from '../../core/exception.ts';
import type { ExceptionRow, ShelfStory } from '../../protocol/local/exceptions.ts';
import type { Bucket } from '../../protocol/local/rooms/now.ts';
import type { RecentRow } from '../../protocol/local/rooms/receipts.ts';
import type { SetAsideRow } from '../../protocol/local/rooms/set-aside.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { needing, paused, type SceneChange, trouble } from './scenes-pc.ts';
import type { Script } from './scripted-agent.ts';

const MINUTE_MS = 60_000;
const SALE_EVERY_MS = 7_000;
const KINDS = [
  'sale',
  'sale',
  'sale',
  'sale',
  'sale',
  'return',
  'sale',
  'sale',
  'void',
  'sale',
  'sale',
  'sale',
] as const;
const TILLS = ['Till 1', 'Till 2', 'Till 3', 'Self 4'];

/** A small repeatable number that looks like chance. */
const scattered = (seed: number, below: number): number => ((seed * 2_654_435_761) >>> 8) % below;

export function receipt(seq: number, nowMs: number, last: number, settled: boolean): RecentRow {
  const kind = seq % 97 === 0 ? 'goods-received' : (KINDS[scattered(seq, KINDS.length)] ?? 'sale');
  const recordedMs = nowMs - 4_000 - (last - seq) * SALE_EVERY_MS;
  const amount = 180 + scattered(seq + 7, 6_400);
  return {
    epoch: 1,
    seq,
    kind,
    workstation: TILLS[scattered(seq + 3, TILLS.length)] ?? 'Till 1',
    number: kind === 'goods-received' ? `GR-${2_000 + Math.floor(seq / 97)}` : String(100_000 + seq),
    businessDate: '2026-11-21',
    recordedMs,
    settledMs: settled ? recordedMs + 900 : null,
    lines: 1 + scattered(seq + 1, 9),
    total: kind === 'goods-received' ? null : kind === 'sale' ? amount : -amount,
    currency: kind === 'goods-received' ? null : 'EUR',
  };
}

/** `count` receipts newest first, of which the newest `waiting` are not yet confirmed. */
export const receipts = (count: number, waiting: number, nowMs: number): RecentRow[] =>
  Array.from({ length: count }, (_, index) => receipt(count - index, nowMs, count, index >= waiting));

/** A quarter of an hour that ends with `waiting`; the line was down from bucket `downFrom` on until `upFrom`. */
function buckets(nowMs: number, waiting: number, downFrom: number, upFrom: number): Bucket[] {
  const perBucket = upFrom < 90 ? 110 : 9;
  const flow = Array.from({ length: 90 }, (_, index) => {
    const calm = 1 + scattered(index + 11, 3) - scattered(index + 5, 2);
    const shared = (bucket: number): number => Math.floor((bucket * waiting) / (90 - downFrom));
    const captured = index < downFrom || upFrom < 90 ? calm : shared(index - downFrom + 1) - shared(index - downFrom);
    const settled = index < downFrom ? captured : index < upFrom ? 0 : perBucket;
    return { captured, settled };
  });
  let waited = waiting - flow.reduce((sum, { captured, settled }) => sum + captured - settled, 0);
  return flow.map(({ captured, settled }, index) => {
    waited += captured - settled;
    return { atMs: nowMs - (90 - index) * 10_000, captured, settled, waiting: waited };
  });
}

const tills = (nowMs: number): Snapshot['tills'] =>
  TILLS.map((workstation, index) => ({
    workstation,
    sales: 143 - index * 31,
    returns: 6 - index,
    voids: index % 2,
    amount: 412_345 - index * 87_411,
    currency: 'EUR',
    lastMs: nowMs - 4_000 - index * 23_000,
  }));

export const SET_ASIDE: SetAsideRow[] = [
  {
    id: 1,
    feed: 'folder',
    source: 'till2-2026-11-21.csv',
    place: 'line 118',
    code: 'bad-quantity',
    reason: 'The quantity “two” is not a number. Write it in digits, for example 2.',
    receipt: '100418',
    raw: '100418;2026-11-21 10:41;Till 2;5012345678900;two;3,49',
    atMs: 0,
  },
  {
    id: 2,
    feed: 'http',
    source: 'Till 3',
    place: 'lines[1].sku',
    code: 'missing-sku',
    reason: 'The second line has no article number.',
    receipt: '100431',
    raw: '{\n  "kind": "sale",\n  "receipt": "100431",\n  "lines": [{ "sku": "40123", "quantity": 1 }, { "quantity": 2 }]\n}',
    atMs: 0,
  },
];

function exception(
  type: ExceptionType,
  message: string,
  nowMs: number,
  more: Partial<ExceptionRow> = {},
): ExceptionRow {
  const { owner, title, nextStep, options, hours } = EXCEPTIONS[type];
  const raisedMs = nowMs - 50 * MINUTE_MS;
  return {
    ...{ id: `${type}/1:300/1`, type, title, message, nextStep, owner, raisedMs },
    ...{ sku: '10110', article: 'Green tea 100g' },
    options: Object.entries(options).map(([name, words]) => ({ name, words })),
    deadlineMs: raisedMs + hours * 60 * MINUTE_MS,
    evidence: [{ name: '1:300', kind: 'sale', number: '100300', workstation: 'Till 2' }],
    soFar: false,
    ...more,
  };
}

export const questions = (nowMs: number): ExceptionRow[] => [
  exception('oversold', '2 more of 10110 went out than the books held.', nowMs, { soFar: true }),
  exception('rival-count', 'Two counts of 10250 disagree, and it is not clear which is newer.', nowMs, {
    ...{ sku: '10250', article: null },
    evidence: [
      { name: '1:310', kind: 'stocktake', number: 'ST-4', workstation: 'Handheld 1' },
      { name: '1:312', kind: 'stocktake', number: 'ST-5', workstation: 'Handheld 2' },
      { name: 'd7', kind: null, number: null, workstation: null },
    ],
  }),
  exception('delivery-differs', 'Delivery DN-88 differs from what was announced: 10420.', nowMs),
];

const story = (nowMs: number): ShelfStory => {
  const step = { workstation: 'Till 2', atMs: nowMs - 50 * MINUTE_MS, soFar: false } as const;
  const sold = 'Posted. More was sold than the books held: please check the shelf.';
  return {
    ...{ sku: '10110', onHand: -2_000, reserved: 0, known: true, soFar: false },
    steps: [
      { ...step, name: '1:7', kind: 'goods-received', number: 'GR-1', sentence: 'Posted to stock.', onHand: 3_000 },
      { ...step, name: 'd4', kind: null, number: null, sentence: 'Posted to stock.', onHand: 2_000 },
      { ...step, name: '1:300', kind: 'sale', number: '100300', sentence: sold, onHand: -2_000 },
    ],
    readings: [{ without: '1:300', onHand: 2_000 }],
  };
};

function base(nowMs: number, waiting: number): Snapshot {
  return {
    store: 'S001',
    nowMs,
    line: 'online',
    lineSinceMs: nowMs - 214 * MINUTE_MS,
    waiting,
    waitingSinceMs: waiting === 0 ? null : nowMs - 4_000,
    captured: 4_812,
    settled: 4_812 - waiting,
    lastCapturedMs: nowMs - 4_000,
    lastSettledMs: nowMs - 3_000,
    businessDate: '2026-11-21',
    tills: tills(nowMs),
    tillChecks: [],
    setAside: 0,
    exceptions: { store: 0, others: 0, newestMs: null },
    notices: [],
    settings: { silentTillMinutes: 60 },
    clock: { skew: { ms: -340, boundMs: 25, measuredMs: nowMs - 130_000 }, jump: null, zone: 'Europe/Berlin' },
    disk: { freeBytes: 212_000_000_000, days: 1_160 },
    pause: null,
    silentTills: [],
  };
}

const LAN = {
  urls: ['https://backoffice:8443', 'https://192.168.1.10:8443'],
  fingerprint: '43:10:32:DA:14:A6:6C:8C:1C:25:7A:87:3B:1D:5C:A4:E4:9D:F0:EB:7D:F1:14:21:7A:07:A2:AA:37:E6:7E:36',
  pin: 'DyyqTKicM7jXgmdEGP7+s25wTJ8z+PzfPEQkBX6f4fk=',
  problem: null,
};

export type SceneName =
  | ('online' | 'offline' | 'sending' | 'connecting' | 'silent' | 'held' | 'needs' | 'empty')
  | ('paused' | 'offline-needs' | 'held-needs' | 'trouble');

const CHANGES: Record<SceneName, (nowMs: number) => SceneChange> = {
  online: () => ({ waiting: 0, changed: {} }),
  offline: (nowMs) => ({
    waiting: 37,
    changed: {
      line: 'offline',
      lineSinceMs: nowMs - 5 * MINUTE_MS,
      waitingSinceMs: nowMs - 4.7 * MINUTE_MS,
      lastSettledMs: nowMs - 5 * MINUTE_MS,
    },
  }),
  sending: (nowMs) => ({
    waiting: 1_204,
    changed: { lineSinceMs: nowMs - 9_000, waitingSinceMs: nowMs - 3 * 60 * MINUTE_MS, lastSettledMs: nowMs - 300 },
  }),
  connecting: (nowMs) => ({ waiting: 3, changed: { line: 'connecting', lineSinceMs: nowMs - 2_000 } }),
  silent: (nowMs) => ({ waiting: 12, changed: { line: 'connecting', lineSinceMs: nowMs - 4 * MINUTE_MS } }),
  held: (nowMs) => ({
    waiting: 58,
    changed: {
      line: 'held',
      lineSinceMs: nowMs - 26 * MINUTE_MS,
      waitingSinceMs: nowMs - 26 * MINUTE_MS,
      lastSettledMs: nowMs - 26 * MINUTE_MS,
      notices: [
        {
          code: 'held',
          message: 'Another PC is sending under the name of this store, so this one stopped.',
          atMs: nowMs - 26 * MINUTE_MS,
        },
      ],
    },
  }),
  needs: (nowMs) => ({
    waiting: 0,
    changed: {
      lan: LAN,
      setAside: SET_ASIDE.length,
      exceptions: { store: 2, others: 1, newestMs: nowMs },
      tillChecks: [
        {
          workstation: 'Till 2',
          businessDate: '2026-11-21',
          closed: true,
          sentences: [
            'Till 2 says 120 receipts, 118 are here: 100312 and 100340 are missing.',
            'Till 2 says sales of 3249.34 EUR, 3217.30 EUR are here: 32.04 EUR less.',
          ],
        },
        {
          workstation: 'Till 5',
          businessDate: '2026-11-20',
          closed: false,
          sentences: ['Till 5: 4711 is missing.'],
        },
      ],
      notices: [
        {
          code: 'disk-nearly-full',
          message: 'About 2 days of sales still fit. Free some space on drive D.',
          atMs: nowMs - 9 * MINUTE_MS,
        },
        {
          code: 'trial-central',
          message: 'Do not rely on it: it may forget what it confirmed when the power fails.',
          atMs: nowMs - 300 * MINUTE_MS,
        },
        {
          code: 'restored-from-mirror',
          message: '12 sales were missing after the last start and are back.',
          atMs: nowMs - 214 * MINUTE_MS,
        },
      ],
    },
  }),
  paused,
  'offline-needs': (nowMs) => needing(CHANGES.offline(nowMs), nowMs),
  'held-needs': (nowMs) => needing(CHANGES.held(nowMs), nowMs),
  trouble: (nowMs) => trouble(nowMs, LAN),
  empty: () => ({
    waiting: 0,
    changed: { captured: 0, settled: 0, tills: [], lastCapturedMs: null, lastSettledMs: null },
  }),
};

export function scene(name: SceneName, count = 400, nowMs: number = Date.now()): Script {
  const { waiting, changed } = CHANGES[name](nowMs);
  const empty = name === 'empty';
  const line: Record<string, [number, number]> = {
    offline: [60, 90],
    held: [40, 90],
    sending: [0, 78],
    silent: [70, 90],
  };
  const [downFrom, upFrom] = line[name] ?? [90, 90];
  const drawn = buckets(nowMs, waiting, downFrom, upFrom);
  return {
    state: { ...base(nowMs, waiting), ...changed },
    rows: empty ? [] : receipts(count, waiting, nowMs),
    buckets: empty ? drawn.map((bucket) => ({ ...bucket, captured: 0, settled: 0, waiting: 0 })) : drawn,
    exceptions: name.includes('needs') ? questions(nowMs) : [],
    outcome: { sentence: 'Posted to stock.', soFar: false, lines: [] },
    stories: [story(nowMs)],
    setAside: name === 'needs' ? SET_ASIDE.map((row) => ({ ...row, atMs: nowMs - 40 * MINUTE_MS })) : [],
  };
}
