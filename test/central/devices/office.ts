// A head office for tests of devices: central's doors on a database, a clock that can be set, a broker that notes.
import { IN_MEMORY, openDatabase } from '../../../central/database.ts';
import type { DeviceSetup } from '../../../central/devices/parts.ts';
import type { HttpsOptions } from '../../../central/doors.ts';
import { Credentials } from '../../../protocol/device/credentials.ts';
import type { Signer } from '../../../protocol/wire/signing.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { type Answer, ask, askSigned, enrolPc, newKey } from './pc.ts';
import { noteAccess, testDevices } from './setup.ts';

export const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 5, 1);

export type Pc = { device: string; key: Signer; credentials: Credentials };
export type Office = Awaited<ReturnType<typeof openOffice>>;

type Own = Partial<DeviceSetup> & { https?: HttpsOptions | null; where?: string };

/** `where` as openDatabase takes it. */
export async function openOffice({ https = null, where = IN_MEMORY, ...own }: Own = {}) {
  const database = await openDatabase(where);
  const rig = await openSqlRig(database.db);
  let nowMs = START_MS;
  const wallMs = (): number => nowMs;
  rig.intake.wallMs = wallMs;
  const access = noteAccess();
  const setup = await testDevices({ access, ...own });
  const http = await openHttp(database, { desk: openDesk(rig).desk, setup, wallMs }, https);
  const issue = (store: string, more: Record<string, unknown> = {}): Promise<Answer> =>
    ask(http.url, '/v1/enrolment-tokens', { store, ...more });
  const token = async (store: string, more: Record<string, unknown> = {}): Promise<string> =>
    String((await issue(store, more)).body['token']);
  return {
    ...{ db: database.db, rig, access, setup, url: http.url, httpsUrl: http.httpsUrl, issue, token, nowMs: wallMs },
    passes(ms: number) {
      nowMs += ms;
    },
    async enrolled(store: string, more: Record<string, unknown> = {}): Promise<Pc> {
      const key = newKey();
      const { status, body } = await enrolPc(http.url, await token(store, more), key);
      if (status !== 201) throw new Error(`${store} did not enrol: ${String(body['message'])}`);
      const credentials = Credentials.parse(body['credentials']);
      return { device: credentials.device, key, credentials };
    },
    /** The device that enrols with a token which whoever shows `headers` was given. */
    async enrolledBy(headers: Record<string, string>, store: string): Promise<string> {
      const issued = await ask(http.url, '/v1/enrolment-tokens', { store }, headers);
      const { body } = await enrolPc(http.url, String(issued.body['token']), newKey());
      return Credentials.parse(body['credentials']).device;
    },
    signed: (pc: { device: string; key: Signer }, path: string, body?: unknown): Promise<Answer> =>
      askSigned(http.url, path, { ...pc, atMs: nowMs }, body),
    async rows(store: string): Promise<Record<string, unknown>[]> {
      return (await ask(http.url, `/v1/devices?store=${store}`)).body as unknown as Record<string, unknown>[];
    },
    async states(store: string): Promise<unknown[]> {
      return (await this.rows(store)).map(({ device, state }) => [device, state]);
    },
    revoke: (store: string, device: string): Promise<Answer> =>
      ask(http.url, `/v1/devices/${device}/revocation`, { store }),
    async close() {
      await http.stop();
      await database.close();
    },
  };
}
