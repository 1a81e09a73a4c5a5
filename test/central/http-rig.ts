// Central's HTTP doors on a database, with parts that do nothing unless a test brings its own.
import type { CentralDatabase } from '../../central/database.ts';
import type { Desk } from '../../central/desk-decide.ts';
import { openAccessKeeper } from '../../central/devices/access-keeper.ts';
import type { Doors, HttpsOptions } from '../../central/doors.ts';
import { openHearing } from '../../central/fleet/hearing.ts';
import { type HttpOptions, serveHttp } from '../../central/http.ts';
import { onConfiguration } from '../../central/rollouts/office.ts';
import { randomHex } from './device.ts';
import { testDevices } from './devices/setup.ts';

type Own = Partial<HttpOptions> & { desk: Desk; setup?: HttpOptions['devices']['setup'] | undefined };

export async function openHttp(
  { db }: CentralDatabase,
  { desk, setup: own, ...more }: Own,
  https: HttpsOptions | null = null,
): Promise<Doors> {
  const { log } = desk;
  const wallMs = more.wallMs ?? desk.intake.wallMs;
  const setup = own ?? (await testDevices());
  const access = openAccessKeeper({ db, access: setup.access, wallMs, log });
  const http = await serveHttp(
    {
      ...{ db, trial: true, operatorToken: 'of the operator', log, desk, wallMs, randomHex },
      hints: { hear: () => {}, isOnline: () => false },
      hearing: openHearing(() => 0),
      wakeDesk: () => {},
      commands: { tell: async () => {} },
      rollouts: { ...onConfiguration({ db, signer: desk.intake.signer }), wake: () => {} },
      configuration: { wake: () => {} },
      devices: { db, signer: desk.intake.signer, setup, access, wallMs, log, sayRefused: () => {} },
      ...more,
    },
    0,
    https,
  );
  return {
    ...http,
    async stop() {
      await access.stop();
      await http.stop();
    },
  };
}
