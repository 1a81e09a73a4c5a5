// When nothing may be decided for a store, and what a restored central waits for: decided without any I/O.
import { expect, test } from 'vitest';
import type { Stream } from '../../central/judge.ts';
import { nextOwed, whyUndecidable } from '../../central/judge-hello.ts';
import { directivesGenesis } from '../../core/decision.ts';
import { emptyBuckets } from '../../core/digest.ts';
import { outcomesGenesis } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';

const log = directivesGenesis(sha256, 'S001');
const stream: Stream = {
  store: 'S001',
  deviceKey: null,
  epoch: { ordinal: 2, life: 'a'.repeat(32) },
  seq: 5,
  chain: 'c'.repeat(64),
  dseq: 3,
  directiveChain: log,
  heldDseq: 3,
  heldChain: log,
  ackedDseq: 1,
  promisedDseq: 2,
  buckets: emptyBuckets(),
  outcomes: outcomesGenesis(sha256, 'S001'),
  closedThrough: null,
  aside: 0,
  greeted: 'i'.repeat(32),
  instance: null,
  session: null,
  hello: null,
  incarnation: 'i'.repeat(32),
  owed: null,
  closing: null,
  fromSuperseded: false,
};
const owed = (epoch: number, seq: number) => ({ epoch, seq, from: 1, asked: 1 });

test.each<[string | null, Partial<Stream>]>([
  [null, {}],
  ['not reported since', { greeted: null }],
  ['not reported since', { greeted: 'h'.repeat(32) }],
  ['still handing back', { promisedDseq: 4 }],
  ['still handing back', { heldDseq: 4 }],
  ['still handing back', { owed: owed(2, 6) }],
  ['still handing back', { owed: owed(3, 1) }],
  ['still handing back', { owed: owed(1, 1), epoch: null }],
  [null, { owed: owed(2, 5) }],
  [null, { owed: owed(1, 9) }],
  [null, { epoch: null, seq: 0, chain: null }],
])('%s: %j', (why, change) => {
  const told = whyUndecidable({ ...stream, ...change });
  if (why === null) expect(told).toBeNull();
  else expect(told).toContain(why);
});

test('what is owed is counted as long as none of it comes', () => {
  const at = { epoch: 2, seq: 9 };
  const first = nextOwed(stream, at);
  expect(first).toEqual({ ...at, from: 5, asked: 1 });
  expect(nextOwed({ ...stream, owed: first }, at)).toEqual({ ...at, from: 5, asked: 2 });
  expect(nextOwed({ ...stream, owed: first, seq: 6 }, at), 'some of it came').toEqual({ ...at, from: 6, asked: 1 });
  expect(nextOwed({ ...stream, owed: first }, { ...at, seq: 8 })).toEqual({ epoch: 2, seq: 8, from: 5, asked: 1 });
  expect(nextOwed({ ...stream, owed: first }, null)).toBeNull();
});
