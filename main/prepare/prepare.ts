// Makes from nothing what central and a Mosquitto need to let in only enrolled stores, over TLS: for `prepare`.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from '../data-folder.ts';
import { openAuthorityFiles } from '../device-authority.ts';
import { UsageError } from '../usage-error.ts';
import { writeBrokerLogin } from './broker-login.ts';
import { brokerFolder, firstSecurity, mosquittoConfiguration } from './mosquitto.ts';
import { keepServerCertificate, openServerAuthority } from './server-certificates.ts';

export type PrepareWish = {
  folder: string;
  /** Names and addresses by which stores reach broker and central; the first one is in what is typed next. */
  hosts: string[];
  brokerPort: number;
  /** The address that the broker listens on; all where it is left out. */
  brokerAddress?: string | undefined;
  plugin: string;
  nowMs: number;
};

export type Prepared = {
  authority: string;
  brokerLogin: string;
  brokerConfiguration: string;
  https: { key: string; certificate: string };
  central: string;
  /** Whether broker or central must be started again to show new certificates. */
  hasNewCertificates: boolean;
};

const CENTRAL_USERNAME = 'tillwire-central';
const PASSWORD_BYTES = 32;

/**
 * Again on the same folder it keeps authorities, passwords and whom the broker lets in, and makes new what is missing,
 * ends soon, or lacks a name.
 */
export async function prepare(wish: PrepareWish): Promise<Prepared> {
  const { folder, hosts, nowMs } = wish;
  const central = join(folder, 'central');
  const broker = join(folder, 'broker');
  for (const each of [folder, central, broker]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const files = brokerFolder(broker);
  const https = { key: join(folder, 'https.key'), certificate: join(folder, 'https.crt') };
  const authorityFiles = { key: join(folder, 'authority.key'), certificate: join(folder, 'authority.crt') };
  const brokerLogin = join(folder, 'broker-login.json');

  const clients = await openAuthorityFiles(central, nowMs);
  const servers = await openServerAuthority(authorityFiles, nowMs);
  const isNewBroker = await keepServerCertificate(files, servers, hosts, nowMs);
  const isNewHttps = await keepServerCertificate(https, servers, hosts, nowMs);
  writePrivateFile(files.clients, clients.certificate);
  if (existsSync(files.security) && !existsSync(brokerLogin)) {
    throw new UsageError(
      `${brokerLogin} is gone, and ${files.security} knows its password only as a hash. Put the file back; or delete ` +
        'the latter, and every store renews its way in by itself.',
    );
  }
  if (!existsSync(files.security)) {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    writeBrokerLogin(brokerLogin, { username: CENTRAL_USERNAME, password });
    writePrivateFile(files.security, firstSecurity(CENTRAL_USERNAME, password));
  }
  const { brokerPort: port, brokerAddress: address, plugin } = wish;
  const configuration = mosquittoConfiguration({ folder: broker, port, address, plugin, user: userInfo().username });
  writePrivateFile(files.configuration, configuration);
  return {
    authority: authorityFiles.certificate,
    brokerLogin,
    brokerConfiguration: files.configuration,
    https,
    central,
    hasNewCertificates: isNewBroker || isNewHttps,
  };
}
