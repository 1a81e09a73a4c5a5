// One frame of each kind with fixed content and fixed keys: what the golden files hold.
import { createPrivateKey } from 'node:crypto';
import { type Epoch, genesisChain, linkChain } from '../../core/chain.ts';
import {
  type Directive,
  directiveBytes,
  directiveStatement,
  directivesGenesis,
  linkDirective,
} from '../../core/decision.ts';
import { text, utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Config, ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import type {
  Batch,
  Compare,
  DigestFrame,
  Directives,
  DirectivesAck,
  Fence,
  Frame,
  Hello,
  Mark,
  Recall,
  Reject,
  Welcome,
} from '../../protocol/wire/frames.ts';
import type { Command, Order, Report, StoreStatus } from '../../protocol/wire/order-frames.ts';
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
const NOTHING_DIRECTED = directivesGenesis(sha256, STORE);
const DIRECTIVE: Directive = {
  v: 1,
  store: STORE,
  dseq: 1,
  basis: { epoch: 1, seq: 2 },
  by: 'inventory-control',
  at: AT,
  body: { kind: 'correction', sku: '4006381333931', delta: -2_000, note: 'found broken' },
};
const DIRECTED = linkDirective(sha256, NOTHING_DIRECTED, directiveBytes(DIRECTIVE));
const TOLD = { v: 1, store: STORE, instance: INSTANCE, session: SESSION } as const;
const CUT = { at: { epoch: 1, seq: 2 }, dseq: 1 };

const NOTED = `c${'1'.repeat(24)}`;
const ORDER: Order = {
  id: `c${'2'.repeat(24)}`,
  kind: 'pause',
  args: { reason: 'New router' },
  by: 'J. Weber',
  issued: AT,
  expires: AT + 86_400_000,
};
const STATUS: StoreStatus = {
  line: 'online',
  agent: '0.1.0',
  started: AT,
  device: 'd0123456789ab',
  certificateEnds: AT + 86_400_000,
  waiting: 2,
  waitingSince: AT,
  lastCaptured: AT,
  setAside: 1,
  questions: 0,
  pause: { reason: 'New router', by: 'J. Weber', since: AT },
  disk: { freeBytes: 1_000_000_000, days: null },
  skew: -20,
  notices: ['one-copy-only'],
};

const STANDING: ConfigurationStanding = {
  applied: 11,
  desired: 12,
  state: 'put-back',
  message: '9 of 12 documents were set aside.',
  since: AT,
  isExpired: false,
  trust: 3,
  captured: 12,
  setAside: 9,
};

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
      dseq: 1,
      digest: 'e'.repeat(64),
      outcomes: 'f'.repeat(64),
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
    directives: signFrame<Directives>(
      {
        kind: 'directives',
        ...TOLD,
        first: 1,
        last: 1,
        before: NOTHING_DIRECTED,
        chain: DIRECTED,
        entries: [
          {
            bytes: text(directiveBytes(DIRECTIVE)),
            keyId: CENTRAL.keyId,
            signature: CENTRAL.sign(directiveStatement(STORE, 1, DIRECTED)),
          },
        ],
      },
      CENTRAL,
    ),
    'directives-ack': signFrame<DirectivesAck>(
      { kind: 'directives-ack', ...TOLD, dseq: 1, chain: DIRECTED, tip: CUT.at, at: AT },
      DEVICE,
    ),
    recall: signFrame<Recall>({ kind: 'recall', ...TOLD, epoch: EPOCH, after: 1 }, DEVICE),
    digest: signFrame<DigestFrame>(
      { kind: 'digest', ...TOLD, tip: CUT.at, page: 1, pages: 1, at: AT, shelves: [['4006381333931', -2_000, 0]] },
      DEVICE,
    ),
    compare: signFrame<Compare>(
      { kind: 'compare', ...TOLD, cut: CUT, found: { step: 'differing', skus: ['4006381333931'] }, at: AT },
      DEVICE,
    ),
    fence: signFrame<Fence>(
      { kind: 'fence', ...common, reason: 'Another computer now speaks for store S001.', at: AT },
      CENTRAL,
    ),
    reject: signFrame<Reject>(
      { kind: 'reject', ...common, about: null, code: 'gap', message: 'Entry 1 comes next, not 3.', at: AT },
      CENTRAL,
    ),
    command: signFrame<Command>({ kind: 'command', ...TOLD, orders: [ORDER], noted: [NOTED], at: AT }, CENTRAL),
    report: signFrame<Report>(
      {
        kind: 'report',
        ...TOLD,
        status: STATUS,
        results: [{ id: NOTED, state: 'done', message: 'Entries 1 to 2 were said again.', at: AT }],
        at: AT,
      },
      DEVICE,
    ),
    config: signFrame<Config>({ kind: 'config', ...TOLD, standing: STANDING, at: AT }, DEVICE),
  };
};
