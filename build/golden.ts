// Writes the golden frames of the present wire version: each as readable JSON and as the bytes that travel.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeFrame } from '../protocol/wire/codec.ts';
import { goldenFrames } from '../test/protocol/golden-frames.ts';

const folder = resolve(import.meta.dirname, '../test/protocol/golden');
mkdirSync(folder, { recursive: true });
for (const [name, frame] of Object.entries(goldenFrames())) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(frame, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.bin`), encodeFrame(frame, 'none'));
}
console.log(`wrote ${folder}: now run npm run format`);
