// Head office's page by both doors of central: on this machine, and over HTTPS, where nobody is let in without a name.
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openDesk } from '../desk-rig.ts';
import { certificateFor } from '../devices/https-certificate.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';

let database: CentralDatabase;
let http: Awaited<ReturnType<typeof openHttp>>;
let authority: string;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { desk } = openDesk(await openSqlRig(database.db));
  const { certificate, key } = await certificateFor(['localhost']);
  authority = certificate;
  http = await openHttp(database, { desk }, { host: '127.0.0.1', port: 0, certificate, key, names: ['localhost'] });
}, 60_000);
afterAll(async () => {
  await http?.stop();
  await database?.close();
});

/** Status and answer over HTTPS, as a browser asks. */
function overHttps(path: string, host?: string): Promise<[number | undefined, string]> {
  const { port } = new URL(http.httpsUrl ?? '');
  const headers = { accept: 'text/html', ...(host === undefined ? {} : { host }) };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: 'localhost', port, path, headers, ca: authority, servername: 'localhost' },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => resolve([response.statusCode, text]));
      },
    );
    asked.once('error', reject).end();
  });
}

test('over HTTPS nobody sees a store without a name, not even where there are no accounts', async () => {
  for (const path of ['/v1/whoami', '/v1/fleet', '/v1/fleet/changes', '/v1/fleet/stores/S001']) {
    expect([path, (await overHttps(path))[0]]).toEqual([path, 401]);
  }
  // The page itself holds no secrets: it is what asks for the name. Without a build there is none.
  expect([200, 401]).toContain((await overHttps('/'))[0]);
});

test('by another name it is not called, neither the page nor what it asks', async () => {
  for (const path of ['/', '/assets/anything.js', '/v1/fleet']) {
    expect([path, (await overHttps(path, 'evil.test'))[0]]).toEqual([path, 403]);
  }
});

test('on this machine, while there are no accounts, whoever sits there sees them', async () => {
  expect(await (await fetch(`${http.url}/v1/fleet`)).json()).toMatchObject({ more: 0, rows: [] });
});
