// Frames of directives are bounded in number and bytes, and bind each other; only central's own words are read back.
import { expect, test } from 'vitest';
import { readReturned } from '../../central/adopt.ts';
import { directivesFrames } from '../../central/delivery.ts';
import type { HeldDirective } from '../../central/law-ports.ts';
import {
  type Directive,
  directiveBytes,
  directiveStatement,
  directivesGenesis,
  linkDirective,
} from '../../core/decision.ts';
import { DIRECTIVES_MAX, FRAME_BYTES_MAX } from '../../core/limits.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { encodeFrame } from '../../protocol/wire/codec.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { randomHex } from './device.ts';

const signer = openSigner(makePrivateKeyPem());
const speaker = { signer, trial: true, wallMs: () => 1, isCrowded: () => false };
const to = { store: 'S001', instance: randomHex(16), session: randomHex(16) };
const before = directivesGenesis(sha256, 'S001');

function logOf(many: number, lines: number): HeldDirective[] {
  let chain = before;
  return Array.from({ length: many }, (_, index) => {
    const dseq = index + 1;
    const goods = Array.from({ length: lines }, (__, line) => ({ sku: `"${line}`.padEnd(64, '"'), quantity: 1 }));
    const directive: Directive = {
      v: 1,
      store: 'S001',
      dseq,
      basis: { epoch: 0, seq: 0 },
      by: 'central',
      at: 1,
      body: { kind: 'transfer-ordered', transfer: 't', from: 'S001', to: 'S002', lines: goods },
    };
    const bytes = directiveBytes(directive);
    chain = linkDirective(sha256, chain, bytes);
    return { dseq, chain, bytes, keyId: signer.keyId, signature: signer.sign(directiveStatement('S001', dseq, chain)) };
  });
}

test.each([
  [1, 1],
  [DIRECTIVES_MAX, 1],
  [DIRECTIVES_MAX + 1, 1],
  [9, 1_900],
])('%i directives of %i lines fit frames that follow each other', (many, lines) => {
  const log = logOf(many, lines);
  const frames = directivesFrames(speaker, to, { from: 0, before, directives: log });
  let [next, chain] = [1, before];
  for (const frame of frames) {
    expect(frame).toMatchObject({ first: next, before: chain });
    expect(frame.entries.length).toBe(frame.last - frame.first + 1);
    expect(frame.entries.length).toBeLessThanOrEqual(DIRECTIVES_MAX);
    expect(encodeFrame(frame, 'none').length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    const read = readReturned({ signer }, frame);
    expect('kind' in read ? read : read.map(({ dseq }) => dseq)).toEqual(frame.entries.map((_, index) => next + index));
    [next, chain] = [frame.last + 1, frame.chain];
  }
  expect([next, chain]).toEqual([many + 1, log.at(-1)?.chain]);
  expect(frames.length > 1).toBe(many > DIRECTIVES_MAX || lines > 1);
});
