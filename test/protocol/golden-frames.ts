// One frame of each kind with fixed content and fixed keys: what the golden files hold.
import { createPrivateKey } from 'node:crypto';
import { type Epoch, genesisChain, linkChain } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Batch, Fence, Frame, Hello, Mark, Reject, Welcome } from '../../protocol/wire/frames.ts';
import { openSigner, type Signer, signFrame } from '../../protocol/wire/signing.ts';

/** An Ed25519 key whose seed is one byte repeated: for tests only. */
export function signerOfSeed(byte: number): Signer {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return openSigner(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

export const DEVICE = signerOfSeed(1);
export const CENTRAL = signerOfSeed(2);
export const ENTRIES = [
  '{"key":"S001|1|2026-11-21|4711|sale"}',
  '{"key":"S001|1|2026-11-21|4712|sale","note":"Käse \\"alt\\""}',
];

const STORE = 'S001';
const EPOCH: Epoch = { ordinal: 1, life: '0123456789abcdef0123456789abcdef' };
const INSTANCE = 'a'.repeat(32);
const SESSION = 'b'.repeat(32);
const NONCE = 'c'.repeat(32);
const INCARNATION = 'd'.repeat(32);
const AT = 1_795_000_000_000;

const GENESIS = genesisChain(sha256, STORE, EPOCH);
const TIP = ENTRIES.reduce((chain, entry) => linkChain(sha256, chain, utf8(entry)), GENESIS);
const common = { v: 1, store: STORE, instance: INSTANCE } as const;
const directives = { dseq: 0, chain: null };

export const goldenFrames = (): Record<string, Frame> => {
  const mark = signFrame<Mark>(
    {
      kind: 'mark',
      ...common,
      session: SESSION,
      epoch: EPOCH,
      seq: 2,
      chain: TIP,
      incarnation: INCARNATION,
      credit: 4_000,
      dseq: 0,
      digest: null,
      outcomes: null,
      at: AT,
    },
    CENTRAL,
  );
  return {
    hello: signFrame<Hello>(
      {
        kind: 'hello',
        ...common,
        nonce: NONCE,
        agent: '0.1.0',
        epoch: EPOCH,
        seq: 2,
        chain: TIP,
        directives,
        incarnation: INCARNATION,
        proof: JSON.stringify(mark),
        codecs: ['zstd', 'gzip', 'none'],
        at: AT,
        publicKey: DEVICE.publicKey,
      },
      DEVICE,
    ),
    welcome: signFrame<Welcome>(
      {
        kind: 'welcome',
        ...common,
        hello: NONCE,
        session: SESSION,
        epoch: null,
        seq: 0,
        chain: null,
        directives,
        incarnation: INCARNATION,
        trial: false,
        credit: 4_000,
        codec: 'zstd',
        at: AT,
        publicKey: CENTRAL.publicKey,
      },
      CENTRAL,
    ),
    batch: signFrame<Batch>(
      {
        kind: 'batch',
        ...common,
        session: SESSION,
        epoch: EPOCH,
        first: 1,
        last: 2,
        before: GENESIS,
        chain: TIP,
        entries: ENTRIES,
      },
      DEVICE,
    ),
    mark,
    fence: signFrame<Fence>(
      { kind: 'fence', ...common, reason: 'Another computer now speaks for store S001.', at: AT },
      CENTRAL,
    ),
    reject: signFrame<Reject>(
      { kind: 'reject', ...common, code: 'gap', message: 'Entry 1 comes next, not 3.', at: AT },
      CENTRAL,
    ),
  };
};
