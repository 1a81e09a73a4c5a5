// Random histories on any ledger: whatever the batches and decisions, it holds what a fold from nothing makes of them.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Undecidable } from '../../central/decide.ts';
import type { DecisionBody } from '../../core/decision.ts';
import { naturalKey } from '../../core/fact.ts';
import { type Device, makeDevice, movement, sale } from './device.ts';
import { at, count } from './law.contract.ts';
import { expectRefolded } from './refolded.ts';
import { type Rig, takeBatch } from './rig.ts';

const SKUS = ['a', 'b', 'c'] as const;

type Act = { what: (typeof WHATS)[number]; sku: (typeof SKUS)[number]; n: number; ago: number; seen: boolean };
const WHATS = [
  ...[
    'sale',
    'sale',
    'sale',
    'return',
    'received',
    'count',
    'count',
    'again',
    'other-body',
    'unread',
    'void',
    'till',
    'till',
    'report',
  ],
  ...[
    'reverse',
    'correct',
    'set',
    'opening',
    'reserve',
    'collect',
    'give-up',
    'release',
    'close',
    'answer',
    'send',
    'send',
  ],
] as const;

const actArb: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom(...WHATS),
  sku: fc.constantFrom(...SKUS),
  n: fc.integer({ min: 1, max: 9 }),
  ago: fc.constantFrom(0, 0, 0, 1, 3, 80),
  seen: fc.boolean(),
});

export function describeIncremental(rig: Rig, runs: number): void {
  test('posting step by step equals a fold of everything from nothing (L5, L6)', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(actArb, { minLength: 5, maxLength: 60 }), async (acts) => {
        run += 1;
        const device = makeDevice(`INC${run}`);
        const session = await rig.session(device);
        for (const [index, act] of acts.entries()) {
          await capture(rig, device, act, index + 1);
          if (act.what === 'send') await send(rig, device, session, act.n);
        }
        await send(rig, device, session, device.entries.length);
        await expectRefolded(rig, device.store, device.entries);
      }),
      { numRuns: runs },
    );
  });
}

/** In as many batches of one transaction as it takes. */
async function send(rig: Rig, device: Device, session: string, size: number): Promise<void> {
  const { seq = 0 } = await rig.stands(device.store);
  for (let first = seq + 1; first <= device.entries.length; first += size) {
    const last = Math.min(device.entries.length, first + size - 1);
    expect(await takeBatch(rig.intake, device.batch(session, first, last))).toMatchObject({ kind: 'mark', seq: last });
  }
}

const TILL = { workstation: 'T1', businessDate: '2026-11-21' };
/** Its few numbers come in any order, so that its day agrees with its reports now and then. */
const OTHER_TILL = { workstation: 'T2' };
const receiptNumber = (n: number): string => `R${n}`;

async function capture(rig: Rig, device: Device, act: Act, index: number): Promise<void> {
  const { n, ago, seen } = act;
  const { dseq } = await rig.stream(device.store);
  const when = { ...at(100 + index, 100 + index - ago, seen ? 0 : 3_600_000), seen: dseq };
  const content = contentOf(device, act, index);
  if (content === 'unread')
    device.entries.push(JSON.stringify({ v: 9, content: { ...TILL, receipt: receiptNumber(n) } }));
  else if (content !== null)
    device.capture(content, content.kind === 'stocktake' ? { ...when, known: seen ? dseq : 0 } : when);
  const body = await bodyOf(rig, device, act);
  if (body === null) return;
  await rig.decide(device.store, body).catch((error: unknown) => {
    if (!(error instanceof Undecidable)) throw error;
  });
}

function contentOf(device: Device, { what, sku, n, seen }: Act, index: number) {
  const items: [string, number][] = [[sku, n * 1_000]];
  switch (what) {
    case 'sale':
      return sale(receiptNumber(index), items);
    case 'return':
      return sale(receiptNumber(index), [], {
        kind: 'return',
        lines: [{ sku, quantity: n * 1_000, original: { ...TILL, receipt: receiptNumber(n) } }],
      });
    case 'received':
      return movement('goods-received', `D${index}`, items);
    case 'count':
      return count(`C${index}`, [[sku, n * 2_000]]);
    case 'again':
    case 'other-body':
      return sale(receiptNumber(n), [['a', what === 'again' ? 1_000 : 2_000]]);
    case 'till':
      return sale(receiptNumber(n), [[sku, 1_000]], OTHER_TILL);
    case 'report': {
      const papers = { ...TILL, ...OTHER_TILL, document: `Z${index}`, occurred: '2026-11-21T20:00:00Z' };
      return { kind: 'day-closed', ...papers, receipts: seen ? n : undefined } as const;
    }
    case 'unread':
      return 'unread';
    case 'void':
      return sale(receiptNumber(index), items, { kind: 'void', voids: { ...TILL, receipt: receiptNumber(n) } });
    case 'reverse': {
      const original = count(`C${n}`, [[sku, n * 2_000]]);
      const { lines: _, begun: __, stocktake: ___, ...papers } = original;
      const reverses = naturalKey(device.store, original);
      const moment = { lo: 0, hi: 1, frame: 1, frameStart: 0 };
      return {
        ...papers,
        kind: 'reversal',
        document: `V${index}`,
        reverses,
        original: { content: original, ...moment },
      } as const;
    }
    case 'collect':
      return { ...movement('reservation-collected', `K${index}`, items), reservation: `W${n}` };
    default:
      return null;
  }
}

async function bodyOf(rig: Rig, device: Device, { what, sku, n, seen }: Act): Promise<DecisionBody | null> {
  switch (what) {
    case 'correct':
      return { kind: 'correction', sku, delta: (seen ? -n : n) * 1_000 };
    case 'set':
      return { kind: 'set', sku, target: n * 1_000, stale: seen };
    case 'opening':
      return { kind: 'opening', sku, target: n * 1_000 };
    case 'reserve':
      return { kind: 'reserve', sku, reservation: `W${n}`, quantity: n * 1_000 };
    case 'give-up':
      return { kind: 'release-reservation', sku, reservation: `W${n}`, why: 'expired' };
    case 'close':
      return { kind: 'period-closed', through: seen ? '2026-11-20' : '2026-11-30' };
    case 'release': {
      const letters = (await rig.deadLetters(device.store)).filter(({ released }) => released === null);
      const seq = letters[n % Math.max(1, letters.length)]?.seq;
      return seq === undefined ? null : { kind: 'release', fact: { epoch: 1, seq } };
    }
    case 'answer': {
      const asked = await rig.exceptions(device.store);
      const id = asked[n % Math.max(1, asked.length)]?.id;
      return id === undefined ? null : { kind: 'exception-decided', exception: id, option: 'accept' };
    }
    default:
      return null;
  }
}
