// Signatures: they cover every field of a frame, and through the chain every byte of its entries.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkChain } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Batch, Frame } from '../../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf, makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { CENTRAL, DEVICE, ENTRIES, goldenFrames } from './golden-frames.ts';

const frames = goldenFrames();
const isDevices = (name: string): boolean =>
  ['hello', 'batch', 'directives-ack', 'recall', 'digest', 'compare', 'report', 'config'].includes(name);
const keyFor = (name: string): string => (isDevices(name) ? DEVICE : CENTRAL).publicKey;

/** Every leaf of a frame as a path. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, field]) => leaves(field, [...path, name]));
}

function changed(frame: Frame, path: string[]): Frame {
  const copy = structuredClone(frame);
  let parent = copy as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const old = parent[last];
  if (typeof old === 'number') parent[last] = old + 1;
  else if (typeof old === 'string') parent[last] = old.replace(/.$/, (char) => (char === '0' ? '1' : '0'));
  else parent[last] = old === null ? 7 : null;
  return copy;
}

describe.each(Object.entries(frames))('%s', (name, frame) => {
  test('is signed by its sender and nobody else', () => {
    expect(isSignedBy(frame, keyFor(name))).toBe(true);
    expect(isSignedBy(frame, (isDevices(name) ? CENTRAL : DEVICE).publicKey)).toBe(false);
  });

  test.each(
    leaves(frame)
      .filter(([first]) => first !== 'entries')
      .map((path) => [path.join('.'), path] as const),
  )('changing %s breaks it', (_, path) => expect(isSignedBy(changed(frame, path), keyFor(name))).toBe(false));

  test('leaving a field out or adding one breaks it', () => {
    expect(isSignedBy(Object.assign({ more: 1 }, frame), keyFor(name))).toBe(false);
    const { at: _, session: __, ...less } = frame as Frame & { at?: number; session?: string };
    expect(isSignedBy(less as Frame, keyFor(name))).toBe(false);
  });
});

test('entries are covered through the chain: any other byte leads to another digest than the signed one', () => {
  const batch = frames['batch'] as Batch;
  const chainOver = (entries: string[]): string =>
    entries.reduce((chain, entry) => linkChain(sha256, chain, utf8(entry)), batch.before);
  expect(chainOver(batch.entries)).toBe(batch.chain);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...ENTRIES), fc.string()), { maxLength: 4 }), (entries) => {
      fc.pre(JSON.stringify(entries) !== JSON.stringify(batch.entries));
      expect(chainOver(entries)).not.toBe(batch.chain);
    }),
  );
});

test('a key is known by its id, and a new one is its own', () => {
  const signer = openSigner(makePrivateKeyPem());
  expect(signer.keyId).toBe(keyIdOf(signer.publicKey));
  expect(signer.keyId).toMatch(/^[0-9a-f]{16}$/);
  const { keyId: _, signature: __, ...said } = frames['mark'] as Frame & { kind: 'mark' };
  const mark = signFrame<Frame & { kind: 'mark' }>(said, signer);
  expect(isSignedBy(mark, signer.publicKey)).toBe(true);
  expect(isSignedBy({ ...mark, keyId: CENTRAL.keyId }, signer.publicKey)).toBe(false);
});

test('a forged key or signature is a no, never an error', () => {
  const mark = frames['mark'] as Frame;
  const hexOf = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes });
  fc.assert(
    fc.property(hexOf(32), hexOf(64), (key, signature) => {
      const publicKey = Buffer.from(key).toString('hex');
      const forged = { ...mark, keyId: keyIdOf(publicKey), signature: Buffer.from(signature).toString('hex') };
      expect(isSignedBy(forged, publicKey)).toBe(false);
    }),
  );
});
