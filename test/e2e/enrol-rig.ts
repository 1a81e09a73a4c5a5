// A real central on embedded parts, and computers that enrol at it: in one process, so that clocks and machines can differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import pino from 'pino';
import { openEmbeddedAccess } from '../../central/broker-access/embedded.ts';
import { openDatabase } from '../../central/database.ts';
import { makeAuthority, openAuthority } from '../../central/devices/authority.ts';
import { type Central, startCentral } from '../../central/server.ts';
import { type Agent, startAgent } from '../../main/agent.ts';
import { startBroker } from '../../main/broker.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { type Given, whoIsThis } from '../../main/enrol/at-start.ts';
import type { Machine } from '../../main/enrol/machine.ts';
import { openCertificate } from '../../main/lan-certificate.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { type Log, randomHex, systemChance } from '../../main/runtime.ts';
import { EnrolmentFile } from '../../protocol/device/enrolment.ts';
import { DeviceRow } from '../../protocol/hq/devices.ts';
import { Snapshot } from '../../protocol/local/window.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';

const DAY_MS = 86_400_000;
export const OPERATOR = 'operator-of-this-machine-0123456789';
export const NAME = 'central.example';

export type Computer = Agent & {
  folder: string;
  said: string[];
  status(): Promise<Snapshot>;
  sell(receipt: number): Promise<number>;
};

type StartOptions = Omit<Given, 'data' | 'machine'> & { name: string; machine?: Machine | undefined };

export type EnrolRig = {
  folder: string;
  central: Central;
  /** PEM of the certificate of central's HTTPS door, which is its own authority, and a file that holds it. */
  authority: string;
  httpsPort: number;
  /** Central's clock, before or behind that of this computer. */
  shift: { ms: number };
  certificate: { ms: number };
  token(store: string, more?: object): Promise<string>;
  file(stores: { store: string; computer: string | null }[]): Promise<EnrolmentFile>;
  devices(store: string): Promise<DeviceRow[]>;
  revoke(store: string, device: string): Promise<void>;
  entries(store: string): Promise<number>;
  start(options: StartOptions): Promise<Computer>;
  stop(): Promise<void>;
};

/** What is logged is kept: no secret may be in it. */
export const logged: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }) as Log;

export async function makeEnrolRig(): Promise<EnrolRig> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-enrol-'));
  const shift = { ms: 0 };
  const certificate = { ms: 90 * DAY_MS };
  const clock = { wallMs: () => Date.now() + shift.ms, monotonicMs: () => Math.round(performance.now()) };
  const database = await openDatabase(join(folder, 'central-db'));
  const broker = await startBroker();
  const access = openEmbeddedAccess(broker.aedes, { anonymous: 'refused' });
  access.admitCentral('tillwire-central', 'password-of-central');
  const door = await openCertificate(folder, [NAME, 'localhost', '127.0.0.1'], Date.now());
  const central = await startCentral({
    ...{ database, dial: dialMqtt, brokerUrl: broker.url, port: 0, enrolment: 'required', clock, log, randomHex },
    signIn: { login: { username: 'tillwire-central', password: 'password-of-central' } },
    signer: openSigner(makePrivateKeyPem()),
    devices: {
      authority: await openAuthority(await makeAuthority(Date.now())),
      access,
      broker: { url: broker.url, authority: null },
      central: { url: null, authority: door.cert },
      get certificateMs() {
        return certificate.ms;
      },
    },
    https: { host: '127.0.0.1', port: 0, certificate: door.cert, key: door.key, names: ['127.0.0.1', NAME] },
    operatorToken: OPERATOR,
    chance: systemChance,
  });
  const running = new Set<Computer>();
  const http = axios.create({
    ...{ baseURL: `${central.url}/v1`, proxy: false },
    headers: { authorization: `Bearer ${OPERATOR}` },
  });
  const asked = { headers: { 'idempotency-key': 'rig' } };
  return {
    ...{ folder, central, shift, certificate, authority: door.cert },
    httpsPort: Number(new URL(central.httpsUrl ?? '').port),
    async token(store, more = {}) {
      const { data } = await http.post<{ token: string }>('/enrolment-tokens', { store, ...more }, asked);
      return data.token;
    },
    file: async (stores) => EnrolmentFile.parse((await http.post<unknown>('/enrolment-files', { stores }, asked)).data),
    devices: async (store) =>
      DeviceRow.array().parse((await http.get<unknown>('/devices', { params: { store } })).data),
    async revoke(store, device) {
      await http.post(`/devices/${device}/revocation`, { store, by: 'test' }, asked);
    },
    async entries(store) {
      const { data } = await http.get<{ store: string; entries: number }[]>('/stores');
      return data.find((row) => row.store === store)?.entries ?? 0;
    },
    async start(options) {
      const computer = await startComputer(folder, options);
      running.add(computer);
      return computer;
    },
    async stop() {
      for (const computer of running) await computer.stop();
      await central.stop();
      await database.close();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As `tillwire agent` does it. */
async function startComputer(folder: string, { name, machine, ...given }: StartOptions): Promise<Computer> {
  const data = join(folder, name);
  const said: string[] = [];
  const here = machine === undefined ? {} : { machine: () => machine };
  const who = await whoIsThis({ ...given, ...here, data }, (sentence) => said.push(sentence));
  const agent = await startAgent({
    ...{ ...who, ...here, folder: data, port: 0, log },
    onFault(error) {
      throw error;
    },
  });
  const headers = { authorization: `Bearer ${readIdentity(data)?.token}` };
  return {
    ...{ ...agent, folder: data, said },
    status: async () =>
      Snapshot.parse((await axios.get<unknown>(`${agent.url}/v1/status`, { headers, proxy: false })).data),
    async sell(receipt) {
      const sale = {
        ...{ kind: 'sale', workstation: 'T1', receipt: String(receipt), businessDate: '2026-11-21' },
        ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'A', quantity: 1 }] },
      };
      const options = { headers: { ...headers, 'idempotency-key': `k${receipt}` }, proxy: false } as const;
      const answer = await axios.post(`${agent.url}/v1/transactions`, sale, { ...options, validateStatus: () => true });
      return answer.status;
    },
  };
}

export const online = async (computer: Computer): Promise<boolean> => (await computer.status()).line === 'online';
export const allSettled = async (computer: Computer): Promise<boolean> => (await computer.status()).waiting === 0;

export type LossyDoor = { url: string; lose(what: 'request' | 'answer', path: string): void; lost: string[] };

/** A line to central's loopback door on which a request or an answer is lost when the test says so. */
export async function lossyDoor(central: string): Promise<LossyDoor & { close(): void }> {
  const wanted: { what: 'request' | 'answer'; path: string }[] = [];
  const lost: string[] = [];
  const { host, port } = new URL(central);
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const at = wanted.findIndex((each) => path.startsWith(each.path));
    const [loss] = at === -1 ? [] : wanted.splice(at, 1);
    if (loss !== undefined) lost.push(`${loss.what} ${path}`);
    if (loss?.what === 'request') return void request.socket.destroy();
    const answer = await axios.request<ArrayBuffer>({
      ...{ method: request.method ?? 'GET', url: `http://127.0.0.1:${port}${path}`, data: Buffer.concat(chunks) },
      ...{ headers: { ...request.headers, host }, proxy: false, responseType: 'arraybuffer' },
      validateStatus: () => true,
    });
    if (loss?.what === 'answer') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(Buffer.from(answer.data));
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return { url, lost, lose: (what, path) => void wanted.push({ what, path }), close: () => void server.close() };
}
