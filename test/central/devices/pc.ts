// A computer of a store as central's door sees it: it enrols, and signs what it asks.

import { enrolmentTokenId } from '../../../protocol/device/enrolment.ts';
import { DEVICE_HEADERS, possessionStatement, requestStatement } from '../../../protocol/device/signed-request.ts';
import { makePrivateKeyPem, openSigner, type Signer } from '../../../protocol/wire/signing.ts';
import { randomHex } from '../device.ts';

export type Answer = { status: number; body: Record<string, unknown> };

/** What of a request an attacker changes. */
export type Signed = { device: string; atMs: number; nonce: string; signer: Signer; signature: string };

export const newKey = (): Signer => openSigner(makePrivateKeyPem());

export async function ask(
  url: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export const enrolBody = (token: string, key: Signer, more: Record<string, unknown> = {}) => ({
  ...{ token, store: null, computer: 'TILL-7', publicKey: key.publicKey, agent: '0.1.0' },
  proof: key.sign(possessionStatement(key.publicKey, enrolmentTokenId(token) ?? '')),
  ...more,
});

export const enrolPc = (url: string, token: string, key: Signer, more: Record<string, unknown> = {}): Promise<Answer> =>
  ask(url, '/v1/device/enrolments', enrolBody(token, key, more));

/** A request that `key` signs for `device` at `atMs`; GET where there is no body. */
export function askSigned(
  url: string,
  path: string,
  {
    device,
    key,
    atMs,
    ...forged
  }: { device: string; key: Signer; atMs: number } & Partial<Pick<Signed, 'nonce' | 'signature'>>,
  body?: unknown,
): Promise<Answer> {
  const nonce = forged.nonce ?? randomHex(16);
  const bytes = body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
  const statement = requestStatement({
    ...{ method: body === undefined ? 'GET' : 'POST', path: `/v1/device${path}`, device, atMs, nonce, body: bytes },
  });
  return ask(url, `/v1/device${path}`, body, {
    [DEVICE_HEADERS.device]: device,
    [DEVICE_HEADERS.at]: String(atMs),
    [DEVICE_HEADERS.nonce]: nonce,
    [DEVICE_HEADERS.signature]: forged.signature ?? key.sign(statement),
  });
}
