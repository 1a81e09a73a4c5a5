// Electron's utility process as far as ours uses it, in a thread of plain Node: a parentPort, and ports in Electron's shape.
import { EventEmitter } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { electronPort } from '../desktop/electron-port.ts';

const main = parentPort;
if (main === null) throw new Error('This runs in a worker thread only.');
const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => main.postMessage(message) });
Object.assign(process, { parentPort: port });
main.on('message', ({ message, ports }: { message: unknown; ports: MessagePort[] }) =>
  port.emit('message', { data: message, ports: ports.map(electronPort) }),
);
await import('../../main/desktop/agent-process.ts');
