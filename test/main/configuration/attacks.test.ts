// Attacks on the configuration of a store (F50, F51): each is refused and told, and the last good one stays in force.
import { expect, onTestFinished, test } from 'vitest';
import type { ConfigurationKeeper } from '../../../main/configuration/keeper.ts';
import type { ConfigurationMessage, SignedTrust } from '../../../protocol/configuration/revision.ts';
import { NOW, type People, person, signedTrust, trustText } from '../../core/configuration/keys.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { BOTH, messageOf, PEOPLE, storeIn, trustSaid } from './rig.ts';

const TRIAL_MS = 10 * 60_000;
const stands = (keeper: ConfigurationKeeper, standing: object) =>
  until(() => expect(keeper.standing()).toMatchObject(standing));

/** Revision 5 is in force, and good. */
async function open() {
  const store = storeIn(temporaryFolder());
  const keeper = await store.open();
  onTestFinished(() => keeper.close());
  keeper.hear(messageOf(5));
  await stands(keeper, { applied: 5, state: 'trial' });
  store.pass(TRIAL_MS);
  await stands(keeper, { applied: 5, state: 'good' });
  return { store, keeper };
}

function tampered(revision: number): ConfigurationMessage {
  const message = messageOf(revision);
  if (message.revision === null) return message;
  const document = message.revision.document.replace('"batchEntries":6', '"batchEntries":9');
  return { ...message, revision: { ...message.revision, document } };
}

const stranger = person();
const expired = { expires: '2026-11-20T00:00:00Z' };

test.each<[string, ConfigurationMessage, RegExp]>([
  ['an older one is played back', messageOf(4), /no newer than revision 5/],
  ['it has expired', messageOf(6, { changes: expired }), /expired on 2026-11-20/],
  ['it was tampered with', tampered(6), /not what was signed/],
  ['nobody approved it', messageOf(6, { by: PEOPLE.signer }), /approved by 0 of 1/],
  ['one person signed and approved', messageOf(6, { by: PEOPLE.approver }), /signed by 0 of 1/],
  ['a stranger signed it', messageOf(6, { by: [stranger, ...PEOPLE.approver] }), /signed by 0 of 1/],
  ['it is another store’s', messageOf(6, { for: 'S002' }), /for another store/],
  ['it is the one of stores that are not named', messageOf(6, { for: 'S009' }), /does not name this store/],
  ['it cannot be used', messageOf(6, { changes: { chain: { log: { level: 'loud' } } } }), /log.level/],
])('%s: refused, told, and the last good one stays', async (_, message, why) => {
  const { keeper } = await open();
  keeper.hear(message);
  await stands(keeper, { applied: 5, state: 'refused', message: expect.stringMatching(why) });
  expect([keeper.revision(), keeper.now().sync?.batchEntries]).toEqual([5, 5]);
  const isReplayed = message.revision?.signed.envelope.includes('"revision":4') === true;
  expect(keeper.notices().map(({ code }) => code)).toEqual(isReplayed ? [] : ['configuration-refused']);
  keeper.hear(messageOf(7));
  await stands(keeper, { applied: 7, desired: 7, state: 'trial', message: '' });
});

test('a clock that was wrong: what was refused for its date is judged anew when central’s clock is known', async () => {
  const { store, keeper } = await open();
  store.wallMs += 400 * 86_400_000;
  keeper.hear(messageOf(6));
  await stands(keeper, { applied: 5, desired: 6, state: 'refused' });
  store.centralMs = NOW;
  store.monotonicMs += 60_000;
  await stands(keeper, { applied: 6, state: 'trial' });
});

test('no newer one comes until the one in force has expired: it is told, and the store trades on', async () => {
  const { store, keeper } = await open();
  store.pass(300 * 86_400_000);
  await stands(keeper, { applied: 5, state: 'good', isExpired: true });
  expect(keeper.notices().map(({ code }) => code)).toEqual(['configuration-expired']);
  expect(keeper.now().sync?.batchEntries).toBe(5);
});

/** Statements 1 to `last`, each with other people, signed by those of the one before and its own. */
function chainTo(last: number): { chain: SignedTrust[]; people: People } {
  let people = PEOPLE;
  const chain = [{ ...trustSaid(), signatures: [...trustSaid().signatures] }];
  for (let version = 2; version <= last; version++) {
    const next: People = { root: [person()], signer: [person()], approver: [person()] };
    const { trust, signatures } = signedTrust(trustText({ version, people: next }), [...people.root, ...next.root]);
    chain.push({ trust, signatures: [...signatures] });
    people = next;
  }
  return { chain, people };
}

test('the keys were changed three times meanwhile: followed step by step; former keys sign nothing any more', async () => {
  const { keeper } = await open();
  const { chain, people } = chainTo(4);
  const by = [...people.signer, ...people.approver];
  keeper.hear(messageOf(6, { by, trusts: chain }));
  await stands(keeper, { applied: 6, state: 'trial', trust: 4 });
  keeper.hear(messageOf(7, { by: BOTH, trusts: chain.slice(0, 1) }));
  await stands(keeper, { applied: 6, desired: 7, state: 'refused', trust: 4 });
});

test('a step is missing, or is not signed by those before: nothing behind it counts', async () => {
  const { keeper } = await open();
  const { chain, people } = chainTo(4);
  const by = [...people.signer, ...people.approver];
  keeper.hear(messageOf(6, { by, trusts: chain.filter((_, at) => at !== 2) }));
  await stands(keeper, { applied: 5, desired: 6, state: 'refused', trust: 2 });
  const own: People = { root: [person()], signer: [person()], approver: [person()] };
  const { trust, signatures } = signedTrust(trustText({ version: 3, people: own }), own.root);
  const forged = { trust, signatures: [...signatures] };
  const theirs = [...own.signer, ...own.approver];
  keeper.hear(messageOf(8, { by: theirs, trusts: [...chain.slice(0, 2), forged] }));
  await stands(keeper, { applied: 5, desired: 8, state: 'refused', trust: 2 });
});
