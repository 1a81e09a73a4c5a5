// Loaded before a program: kills it the hard way at one of its writes to the configuration, before or after the rename.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';

const [when, at] = (process.env['KILLED_AT'] ?? '').split(' ');
const { renameSync } = fs;
let writes = 0;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

fs.renameSync = (from, to) => {
  if (!String(to).includes(`${sep}configuration${sep}`)) return renameSync(from, to);
  writes += 1;
  const isIt = writes === Number(at);
  if (isIt && when === 'before') die();
  renameSync(from, to);
  if (isIt && when === 'after') die();
};
syncBuiltinESMExports();
