// A store whose first contact is a decision: nothing to confirm yet, nothing stuck, and both sides agree behind its first entry.
import { expect, test } from 'vitest';
import { text, utf8 } from '../../core/hash.ts';
import { DirectiveSchema } from '../../protocol/directive.ts';
import type { Mark } from '../../protocol/wire/frames.ts';
import { settle, workOff } from '../storage/central-book.ts';
import { openTest, sale } from '../storage/shop.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeDevice } from './device.ts';
import { decideFor } from './head-office.ts';
import { memoryRig } from './memory-rig.ts';
import { kindsOf, talkOf } from './talk.ts';

test('opening stock before the first sale: applied without a mark, agreed with the first entry', async () => {
  const { rig } = await memoryRig();
  const journal = openTest(temporaryFolder());
  const { epoch } = journal.heads();
  const device = makeDevice('S001', { epoch });
  const talk = talkOf(rig, device);
  expect(kindsOf(await talk.hello())).toEqual(['welcome']);
  await decideFor(rig, 'S001', { kind: 'opening', sku: 'APPLE', target: 5_000 });
  const apply = () =>
    journal.applyDirectives(
      talk.log.map((entry) => ({
        ...entry,
        bytes: utf8(entry.bytes),
        directive: DirectiveSchema.parse(JSON.parse(entry.bytes)),
      })),
    );
  expect(kindsOf(await talk.listen())).toEqual(['directives']);
  expect(apply()).toMatchObject({ dseq: 1, tip: { seq: 0 } });
  expect(kindsOf(await talk.ack({ tip: { epoch: 0, seq: 0 } }))).not.toContain('reject');
  expect(workOff(journal)).toEqual([]);
  expect(journal.explainSku('APPLE')).toMatchObject({ onHand: 5_000, soFar: true });
  expect(kindsOf(await talk.hello()), 'and a hello says nothing more').toEqual(['welcome']);

  journal.appendGroup([sale(1)]);
  for (const { bytes } of journal.page(epoch, 0, 10, 1e6)) device.entries.push(text(bytes));
  const [mark] = (await talk.offer(1)).filter((reply): reply is Mark => reply.kind === 'mark');
  expect(mark).toMatchObject({ seq: 1, dseq: 1 });
  if (mark?.digest == null || mark.outcomes === null) throw new Error('a mark states the book');
  settle(journal, { epoch, seq: 1, dseq: mark.dseq, digest: mark.digest, outcomes: mark.outcomes });
  expect(workOff(journal)).toEqual([{ cut: { at: { epoch: 1, seq: 1 }, dseq: 1 }, agrees: true }]);
  expect(await rig.shelf('S001', 'APPLE')).toBe(4_000);
  expect(journal.explainSku('APPLE')).toMatchObject({ onHand: 4_000, soFar: false });
});
