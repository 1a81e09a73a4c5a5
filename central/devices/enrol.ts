// A computer becomes the device of a store: by a token, and by a key that it shows to hold (S8, S12).
import { judgeEnrolment } from '../../core/device.ts';
import type { EnrolInput, Enrolled } from '../../protocol/device/enrolment.ts';
import { possessionStatement } from '../../protocol/device/signed-request.ts';
import { isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { giveCredentials, type Period, periodOf } from './credentials.ts';
import { Declined } from './declined.ts';
import type { DeviceParts } from './parts.ts';
import { activeDevice, endDevice, endSession, findKey, lockDevices, setPresentKey } from './registry.ts';
import { remainderOfStore } from './remainder.ts';
import { remainderSentence, whyEnded } from './sentences.ts';
import { type FoundToken, findEnrolmentToken, lockPlace, usePlace } from './tokens.ts';

const WRONG = 'token: head office does not know it. Copy it whole, or ask for a new one.';

/** The token that is shown, and the store that it is for. Throws Declined where it opens nothing, or the key is not held. */
export async function openEnrolment(
  { db }: DeviceParts,
  input: EnrolInput,
): Promise<{ token: FoundToken; store: string }> {
  const token = await findEnrolmentToken(db, input.token);
  if (token === null) throw new Declined('FORBIDDEN', WRONG);
  const { publicKey, proof } = input;
  if (!isStatementSignedBy(possessionStatement(publicKey, token.id), proof, publicKey)) {
    throw new Declined('FORBIDDEN', 'proof: it does not show that this computer holds the key.');
  }
  const [only, another] = token.stores;
  const store = input.store ?? (another === undefined ? only : undefined);
  if (store === undefined) throw new Declined('BAD_REQUEST', 'store: the token is for several stores; name one.');
  return { token, store };
}

type Asked = { token: FoundToken; store: string; device: string; input: EnrolInput };

/** `device` is the name that a new one gets. Throws Declined. */
export async function enrol(parts: DeviceParts, asked: Asked): Promise<Enrolled> {
  const { store, input } = asked;
  const { db, setup, wallMs, access, sayRefused } = parts;
  const period = periodOf(setup, wallMs());
  const { device, before, ended, count } = await db.transaction().execute(async (tx) => {
    const nowMs = period.fromMs;
    await lockDevices(tx, store, nowMs);
    const place = await lockPlace(tx, asked.token.id, store);
    const active = await activeDevice(tx, store);
    const verdict = judgeEnrolment({
      ...{ store, publicKey: input.publicKey, nowMs, place },
      token: {
        expiresMs: asked.token.expires_ms,
        revokedMs: asked.token.revoked_ms,
        replace: asked.token.replace,
      },
      active: active === undefined ? null : { device: active.device, publicKey: active.public_key },
      known: await findKey(tx, input.publicKey),
    });
    if (verdict.kind === 'refused') throw new Declined('CONFLICT', verdict.message);
    await usePlace(tx, { token: asked.token.id, store, publicKey: input.publicKey, nowMs });
    const count = await remainderOfStore(tx, store);
    if (verdict.kind === 'again') {
      await tx
        .updateTable('device')
        .set({ from_ms: period.fromMs, until_ms: period.untilMs })
        .where('device', '=', verdict.device)
        .execute();
      return { device: verdict.device, before: null, ended: null, count: null };
    }
    const by = `device ${asked.device}`;
    const ended =
      active === undefined
        ? await endSession(tx, store)
        : await endDevice(tx, active, { state: 'replaced', by, nowMs });
    await addDevice(tx, asked, period);
    await setPresentKey(tx, { store, device: asked.device, publicKey: input.publicKey, nowMs });
    return { device: asked.device, before: active ?? null, ended, count };
  });
  if (before !== null) {
    sayRefused(store, ended, whyEnded({ ...before, state: 'replaced' }));
    await access.withdraw(before.device);
  }
  const holder = { device, store, publicKey: input.publicKey };
  const credentials = await giveCredentials(parts, holder, period);
  const hasRest = count !== null && count > 0;
  return { credentials, remainder: hasRest ? remainderSentence(before?.computer ?? 'without enrolment', count) : null };
}

type Tx = Parameters<typeof activeDevice>[0];

const addDevice = (tx: Tx, { device, store, token, input }: Asked, { fromMs, untilMs }: Period): Promise<unknown> =>
  tx
    .insertInto('device')
    .values({
      ...{ device, store, state: 'active', computer: input.computer, agent: input.agent, token: token.id },
      ...{ public_key: input.publicKey, previous_key: null, enrolled_ms: fromMs, from_ms: fromMs, until_ms: untilMs },
      ...{ ended_ms: null, ended_by: null, withdrawn: false },
    })
    .execute();
