// Entry of the utility process: the agent of this PC, or the way to it. Its parent starts it again where it ends.
import type { MessageEvent, MessagePortMain } from 'electron';
import { makeBackground } from '../desktop-parts/background.ts';
import { openLog } from '../runtime.ts';

const { parentPort } = process;
const background = makeBackground({
  send: (message) => parentPort.postMessage(message),
  exit: (code) => process.exit(code),
  log: openLog('desktop'),
});
parentPort.on('message', ({ data, ports }: MessageEvent) => background.take(data, ports as MessagePortMain[]));
