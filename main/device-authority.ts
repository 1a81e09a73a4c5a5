// The files of central's device authority: made once, beside the operator's token in central's data folder.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuthorityFiles, type DeviceAuthority, makeAuthority } from '../central/devices/authority.ts';
import { CENTRAL_CERTIFICATE_YEARS } from '../core/limits/broker.ts';
import { makePrivateKeyPem, openSigner } from '../protocol/wire/signing.ts';
import { writePrivateFile } from './data-folder.ts';

const keyFile = (folder: string): string => join(folder, 'device-authority.key');
const certificateFile = (folder: string): string => join(folder, 'device-authority.crt');

/** The kept one or a new one; `folder` is there. A half-written one is made anew: nobody has seen its certificate. */
export async function openAuthorityFiles(folder: string, nowMs: number): Promise<AuthorityFiles> {
  if (!existsSync(certificateFile(folder))) {
    const made = await makeAuthority(nowMs);
    writePrivateFile(keyFile(folder), made.key);
    writePrivateFile(certificateFile(folder), made.certificate);
  }
  return { key: readFileSync(keyFile(folder), 'utf8'), certificate: readFileSync(certificateFile(folder), 'utf8') };
}

const YEAR_MS = 365 * 24 * 3_600_000;

/** What central itself shows a broker that asks for client certificates: new at each start, its key is never written. */
export async function centralCertificate(
  authority: DeviceAuthority,
  nowMs: number,
): Promise<{ certificate: string; key: string }> {
  const key = makePrivateKeyPem();
  const { publicKey } = openSigner(key);
  const untilMs = nowMs + CENTRAL_CERTIFICATE_YEARS * YEAR_MS;
  const wish = { store: 'central', device: 'central', publicKey, fromMs: nowMs, untilMs };
  return { key, certificate: await authority.issue(wish) };
}
