// Frames as bytes: there and back in every codec, bounded, never throwing; the golden frames; the pinned schemas.
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical.ts';
import { FRAME_BYTES_MAX } from '../../core/limits.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire/codec.ts';
import { type Batch, CODECS, FrameSchema } from '../../protocol/wire/frames.ts';
import { WIRE_VERSION } from '../../protocol/wire/version.ts';
import { goldenFrames } from './golden-frames.ts';

const frames = Object.entries(goldenFrames());
const batch = goldenFrames()['batch'] as Batch;
const refused = (bytes: Uint8Array): string => {
  const decoded = decodeFrame(bytes);
  return decoded.ok ? 'taken' : `${decoded.code}: ${decoded.message}`;
};
const header = (codec: number, version = WIRE_VERSION): Buffer => Buffer.from([version, codec]);

describe('codec', () => {
  test.each(frames.flatMap(([name, frame]) => CODECS.map((codec) => [name, codec, frame] as const)))(
    '%s travels as %s',
    (_, codec, frame) => {
      const bytes = encodeFrame(frame, codec);
      expect([bytes[0], bytes[1]]).toEqual([WIRE_VERSION, CODECS.indexOf(codec)]);
      expect(decodeFrame(bytes)).toEqual({ ok: true, frame });
    },
  );

  /** Every character but half of a surrogate pair, which is no text. */
  const anyText = fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff })), { maxLength: 40 })
    .map((points) => String.fromCodePoint(...points));

  test('any text of an entry arrives as it was', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (entries) => {
        for (const codec of CODECS) {
          const decoded = decodeFrame(encodeFrame({ ...batch, entries }, codec));
          expect(decoded.ok && decoded.frame.kind === 'batch' && decoded.frame.entries).toEqual(entries);
        }
      }),
    );
  });

  test.each([
    ['gzip', 1, gzipSync],
    ['zstd', 2, zstdCompressSync],
  ] as const)('a bomb in %s is refused without being unpacked', (_, codec, compress) => {
    const tenth = compress(Buffer.alloc(20_000_000));
    const bomb = Buffer.concat([header(codec), ...new Array<Buffer>(10).fill(tenth)]);
    expect(bomb.length).toBeLessThan(210_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(refused(bomb)).toContain('larger than 4096000 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test('too large, too short, unknown version, unknown codec, cut, not JSON, not a frame', () => {
    expect(refused(Buffer.concat([header(0), Buffer.alloc(FRAME_BYTES_MAX)]))).toContain('more than 1000000');
    expect(refused(Buffer.alloc(1))).toContain('shorter than its header');
    expect(refused(encodeFrame(batch, 'none').with(0, 9))).toBe('version: wire version 9; this side speaks 1');
    expect(refused(header(3))).toBe('malformed: codec 3 is not known');
    for (const codec of CODECS) expect(refused(encodeFrame(batch, codec).subarray(0, -3))).toMatch(/^malformed/);
    expect(refused(Buffer.concat([header(0), Buffer.from('4111 1111')]))).toBe(
      'malformed: the body is not JSON in UTF-8',
    );
    expect(refused(Buffer.concat([header(0), Buffer.from('[[1]]')]))).toMatch(/^malformed/);
    const unknownField = encodeFrame({ ...batch, extra: 1 } as Batch, 'none');
    expect(refused(unknownField)).toMatch(/^malformed.*extra/);
  });

  test('noise, flipped bytes and bottomless nesting never throw', () => {
    const real = frames.flatMap(([, frame]) => CODECS.map((codec) => encodeFrame(frame, codec)));
    const noise = fc.uint8Array({ maxLength: 300 });
    const known = fc
      .tuple(fc.constantFrom(0, 1, 2), noise)
      .map(([codec, body]) => Buffer.concat([header(codec), body]));
    const flipped = fc
      .tuple(fc.constantFrom(...real), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([bytes, at, by]) => bytes.with(at % bytes.length, (bytes[at % bytes.length] ?? 0) ^ by));
    const json = fc.json().map((body) => Buffer.concat([header(0), Buffer.from(body)]));
    fc.assert(
      fc.property(fc.oneof(noise, known, flipped, json), (bytes) => typeof decodeFrame(bytes).ok === 'boolean'),
      {
        numRuns: 2_000,
      },
    );
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(refused(Buffer.concat([header(0), Buffer.from(deep)]))).toMatch(/^malformed/);
  });
});

describe('golden frames', () => {
  const folder = join(import.meta.dirname, 'golden');
  const stored = globSync('*.json', { cwd: folder }).map((file) => basename(file, '.json'));

  test('there is one of each kind', () => {
    expect(stored.toSorted()).toEqual(frames.map(([name]) => name).toSorted());
    expect(stored.toSorted()).toEqual(FrameSchema.options.map((option) => option.shape.kind.value).toSorted());
  });

  test.each(stored)('%s reads as it always did, and is written byte for byte', (name) => {
    const bytes = readFileSync(join(folder, `${name}.bin`));
    const content = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    expect(decodeFrame(bytes)).toEqual({ ok: true, frame: content });
    const made = goldenFrames()[name];
    expect(made).toEqual(content);
    expect(made && encodeFrame(made, 'none').equals(bytes)).toBe(true);
  });
});

/**
 * Version 1 is frozen: these never change. Adding a kind of frame? 1. Add a line to protocol/wire/version.ts. 2. Run
 * node build/golden.ts and npm run format. 3. Put the hash that this test prints here. 4. Describe it in docs/protocol.md.
 */
const SHAPES: Record<string, string> = {
  hello: 'efdd656c89c0acae8e9e5338a5473df9ee2bf2467191a0c600a8338b30d5b705',
  welcome: '872363c67f6eef0fb61cd2302a095fc0c61f0e7b24cde8632162547874b38441',
  batch: 'c7bc03df36b0b34d6e9c4c73385f6e3714fa7dc1edfe0a383625afcd8f6815e0',
  mark: 'bf9c71aaaba9c4b1dd4586ec4a6ebed55af071f02b8b41f32708c5f7be970e8f',
  directives: '52fd4598c7e1b6309c8fd362ef10860d6a79e026227bbc3052337ac557250e47',
  'directives-ack': '3e255b40cf060ed5955f34b10f928a14c93780fcc101b6c8183686a5e6f1fc36',
  recall: '34132776164a4dff55cbe40f50e1cf57e54109c9c608bc1b8f265329d6d29068',
  digest: 'a327d06a0348682c1de5cf59692c04466779fe66874c819ff2923951bfc1e995',
  compare: '458ebd5cae05e8b26da1ba1b63a856b3dbf6cb9e3690f93190b6b3427ef90973',
  fence: '214d6ef58b28b052414dd238602e75156f27f6ef6a62eaebef7c9d38cb51c802',
  command: '370812533d3f16587e4bf1b37a9054494837ac5485800ccfaf609b4f03a0d036',
  report: 'c95bcd62ca446e325af341f0a6688a02449a4133cc7fd1ce836a81b1aaa647e1',
  config: '3a3761e4adf4f842d66127b93840186adfb2308a90d0dd38fdccdedbfa73d8f6',
  reject: '7ab379996caf5fcd2f7b98c6d6804fa991950969bb92e43130da1f30ab8011d8',
};

test.each(FrameSchema.options.map((option) => [option.shape.kind.value, option] as const))(
  'a %s keeps its shape',
  (kind, option) => {
    const shape = createHash('sha256')
      .update(canonicalJson(z.toJSONSchema(option)))
      .digest('hex');
    expect(shape, `the shape of ${kind} has changed, or it is new: see above`).toBe(SHAPES[kind]);
  },
);
