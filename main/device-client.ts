// Asks central's HTTPS door as this device: each request is signed by its key, whatever proxy it goes through.
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import { z } from 'zod';
import { DEVICE_STATES, type DeviceState } from '../core/device.ts';
import { DEVICE_ANSWER_BYTES_MAX, DEVICE_ANSWER_WAIT_MS } from '../core/limits/joining.ts';
import { REASON_LENGTH_MAX } from '../core/limits.ts';
import { DEVICE_HEADERS, requestStatement } from '../protocol/device/signed-request.ts';
import type { NetworkSettings } from '../protocol/settings.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { networkReason } from '../sync/link-reasons.ts';
import { axiosFor, isLoopback } from './outgoing.ts';
import { randomHex } from './runtime.ts';
import { UsageError } from './usage-error.ts';

/** Central answered, and declined. The message is central's own sentence. */
export class CentralDeclined extends Error {
  override name = 'CentralDeclined';
  readonly status: number;
  /** What became of this device, where it is not the active one any more. */
  readonly state: DeviceState | undefined;
  constructor(status: number, message: string, state?: DeviceState) {
    super(message);
    this.status = status;
    this.state = state;
  }
}

/** Nobody answered, or not as central does: asking again later may help. */
export class CentralSilent extends Error {
  override name = 'CentralSilent';
}

/** `path` begins with /v1/. Each throws CentralDeclined or CentralSilent, and is not asked again by itself. */
export type DeviceClient = {
  get<T>(path: string, query: Query, schema: z.ZodType<T>): Promise<T>;
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
  /** Bytes as they are, for example an archive. */
  put<T>(path: string, bytes: Uint8Array, schema: z.ZodType<T>): Promise<T>;
  /** A file as it comes; from byte `from` on where central can (206), else from its beginning (200). */
  download(path: string, from: number, signal?: AbortSignal): Promise<Download>;
};

export type Download = { from: number; body: Readable; headers: Record<string, unknown> };
type Query = Record<string, string | number | undefined>;

export type DeviceClientParts = {
  /** https://..., or http:// of this very computer. */
  central: string;
  /** Null before it is enrolled: then nothing is signed. */
  device: string | null;
  signer: Signer;
  /** Of central's certificate, in PEM; null for the computer's own. */
  authority: string | null;
  network: NetworkSettings;
  /** By which central's time is estimated; the estimate may be shared by several clients. */
  clock: CentralClock;
};

/** Central's time as this computer knows it: its own, set right by what central last said (F27). */
export type CentralClock = { nowMs(): number; setRight(centralMs: number): void };

export function makeCentralClock(wallMs: () => number): CentralClock {
  let aheadMs = 0;
  return {
    nowMs: () => wallMs() + aheadMs,
    setRight(centralMs) {
      aheadMs = centralMs - wallMs();
    },
  };
}

/** Throws UsageError where the address would be spoken to in the clear. */
export function assertSafeCentral(central: string): void {
  const url = URL.canParse(central) ? new URL(central) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(central))) return;
  throw new UsageError(
    'The address of central must begin with https:// (http:// only where it runs on this computer).',
  );
}

type Asked = { method: 'GET' | 'POST' | 'PUT'; path: string; body: Uint8Array; headers?: Record<string, string> };

export function deviceClient(parts: DeviceClientParts): DeviceClient {
  assertSafeCentral(parts.central);
  const base = parts.central.replace(/\/+$/, '');
  const http: AxiosInstance = axios.create({
    ...axiosFor(base, parts),
    timeout: DEVICE_ANSWER_WAIT_MS,
    maxRedirects: 0,
    maxContentLength: DEVICE_ANSWER_BYTES_MAX,
    validateStatus: () => true,
    transformRequest: [(body: unknown) => body],
  });

  async function once(asked: Asked, how: 'arraybuffer' | 'stream', signal?: AbortSignal): Promise<AxiosResponse> {
    const { method, path, body, headers = {} } = asked;
    const sent = { ...headers, ...signatureOf(parts, asked), 'accept-encoding': 'identity' };
    const bytes = method === 'GET' ? {} : { data: Buffer.from(body) };
    try {
      return await http.request({
        ...{ method, url: `${base}${path}`, headers: sent, responseType: how, ...bytes },
        ...(how === 'stream' ? { decompress: false, maxContentLength: -1 } : {}),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw new CentralSilent(`Central at ${new URL(base).host}: ${networkReason(causeOf(error))}`, { cause: error });
    }
  }

  /** A clock that is wrong is set right by central's own answer, and asked once more (F27). */
  async function ask(asked: Asked, how: 'arraybuffer' | 'stream', signal?: AbortSignal): Promise<AxiosResponse> {
    const first = await once(asked, how, signal);
    if (isGood(first)) return first;
    const refusal = await refusalOf(first);
    if (first.status !== 401 || refusal.atMs === undefined || parts.device === null) throw declined(first, refusal);
    parts.clock.setRight(refusal.atMs);
    const second = await once(asked, how, signal);
    if (isGood(second)) return second;
    throw declined(second, await refusalOf(second));
  }

  function declined({ status }: AxiosResponse, { message = `it answered ${status}`, state }: Refusal): Error {
    return status >= 400 && status < 500 && status !== 429
      ? new CentralDeclined(status, message, state)
      : new CentralSilent(`Central at ${new URL(base).host}: ${message}`);
  }

  async function read<T>(asked: Asked, schema: z.ZodType<T>): Promise<T> {
    const { data } = await ask(asked, 'arraybuffer');
    const answer = schema.safeParse(parsed(data));
    if (answer.success) return answer.data;
    throw new CentralSilent(`What answers at ${new URL(base).host} is not the central of this version.`);
  }

  return {
    get: (path, query, schema) => read({ method: 'GET', path: withQuery(path, query), body: NOTHING }, schema),
    post: (path, body, schema) =>
      read({ method: 'POST', path, body: Buffer.from(JSON.stringify(body)), headers: JSON_BODY }, schema),
    put: (path, bytes, schema) => read({ method: 'PUT', path, body: bytes, headers: BYTES_BODY }, schema),
    async download(path, from, signal) {
      const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
      const {
        data,
        status,
        headers: told,
      } = await ask({ method: 'GET', path, body: NOTHING, headers }, 'stream', signal);
      const goesOn = status === 206 && String(told['content-range'] ?? '').startsWith(`bytes ${from}-`);
      return { from: goesOn ? from : 0, body: data as Readable, headers: told as Record<string, unknown> };
    },
  };
}

const NOTHING = new Uint8Array();
const JSON_BODY = { 'content-type': 'application/json' };
const BYTES_BODY = { 'content-type': 'application/octet-stream' };

function signatureOf(
  { device, signer, clock }: DeviceClientParts,
  { method, path, body }: Asked,
): Record<string, string> {
  if (device === null) return {};
  const said = { method, path, device, atMs: Math.round(clock.nowMs()), nonce: randomHex(16), body };
  return {
    [DEVICE_HEADERS.device]: device,
    [DEVICE_HEADERS.at]: String(said.atMs),
    [DEVICE_HEADERS.nonce]: said.nonce,
    [DEVICE_HEADERS.signature]: signer.sign(requestStatement(said)),
  };
}

function withQuery(path: string, query: Query): string {
  const told = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return told.length === 0 ? path : `${path}?${new URLSearchParams(told)}`;
}

const isGood = ({ status }: AxiosResponse): boolean => status >= 200 && status < 300;

const Refusal = z.object({
  message: z.string().optional(),
  atMs: z.int().nonnegative().optional(),
  state: z.enum(DEVICE_STATES).optional(),
});

type Refusal = z.infer<typeof Refusal>;

/** What a refusal says; of a stream only as much as a sentence has. */
async function refusalOf({ data }: AxiosResponse): Promise<Refusal> {
  const text = Buffer.isBuffer(data) || data instanceof ArrayBuffer ? data : await firstBytes(data as Readable);
  const { message, ...rest } = Refusal.safeParse(parsed(text)).data ?? {};
  return { message: message?.slice(0, REASON_LENGTH_MAX), ...rest };
}

async function firstBytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    if (chunks.length > 16) break;
  }
  return Buffer.concat(chunks);
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(data as ArrayBuffer).toString('utf8'));
  } catch {
    return null;
  }
}

/** The error of the network behind what axios makes of it. */
const causeOf = (error: unknown): unknown => (isAxiosError(error) && error.cause !== undefined ? error.cause : error);
