// Joins a window's port to the agent's WebSocket: frames are the same on both sides and pass as they are.
import { WebSocket } from 'ws';
import { RELAY_MESSAGE_BYTES_MAX, SERVICE_ANSWER_WAIT_MS } from '../../core/limits/desktop.ts';
import { WINDOW_MESSAGE_BYTES_MAX, WINDOW_UNREAD_BYTES_MAX } from '../../core/limits.ts';
import { protocolsFor } from '../../renderer/store/token.ts';

/** A MessagePort as Electron's processes have it. */
export type RelayPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

export type AgentAddress = { url: string; windowToken: string };

/** The way to the agent's window contract. Throws where the address is not of this PC: the token stays here (S3). */
export function dialAgent({ url, windowToken }: AgentAddress): WebSocket {
  const { protocol, hostname, host } = new URL(url);
  if (protocol !== 'http:' || hostname !== '127.0.0.1') throw new Error(`${url} is not an agent of this PC.`);
  const socket = new WebSocket(`ws://${host}/rpc`, protocolsFor(windowToken), {
    origin: `http://${host}`,
    handshakeTimeout: SERVICE_ANSWER_WAIT_MS,
    maxPayload: RELAY_MESSAGE_BYTES_MAX,
    followRedirects: false,
  });
  // What fails ends in 'close', which is what counts.
  socket.on('error', () => {});
  return socket;
}

/** Until one of them closes: then so does the other. Returns how to end it. */
export function relay(port: RelayPort, address: AgentAddress, onEnd: () => void): () => void {
  const socket = dialAgent(address);
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    port.close();
    socket.terminate();
    onEnd();
  };
  // A port does not tell what lies unread in it; a window that reads says something now and then (`heard`).
  let unread = 0;
  port.on('message', ({ data }) => {
    unread = 0;
    if (isFrame(data) && socket.bufferedAmount <= WINDOW_UNREAD_BYTES_MAX) socket.send(data);
    else end();
  });
  port.on('close', end);
  socket.on('message', (data: Buffer, isBinary) => {
    if (unread > RELAY_MESSAGE_BYTES_MAX) return end();
    unread += data.length;
    port.postMessage(isBinary ? new Uint8Array(data) : `${data}`);
  });
  socket.on('close', end);
  // What the window says before the agent hears is kept by its port.
  socket.on('open', () => port.start());
  return end;
}

function isFrame(data: unknown): data is string | ArrayBuffer | Uint8Array {
  if (typeof data === 'string') return data.length <= WINDOW_MESSAGE_BYTES_MAX;
  return (data instanceof ArrayBuffer || data instanceof Uint8Array) && data.byteLength <= WINDOW_MESSAGE_BYTES_MAX;
}
