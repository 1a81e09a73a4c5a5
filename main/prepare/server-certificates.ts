// The certificates that broker and central show to stores, under one authority of the chain's own: for `prepare`.
import { existsSync, readFileSync } from 'node:fs';
import { type AuthorityFiles, makeAuthority } from '../../central/devices/authority.ts';
import { SERVER_CERTIFICATE_DAYS, SERVER_CERTIFICATE_RENEWED_DAYS } from '../../core/limits/broker.ts';
import { DEVICE_CERTIFICATE_BACKDATED_MS } from '../../core/limits/devices.ts';
import { writePrivateFile } from '../data-folder.ts';
import { isGoodCertificate, makeServerCertificate, openServerKey } from '../server-certificate.ts';

/** Where a key and its certificate are kept, both in PEM. */
export type Files = { key: string; certificate: string };

/** The kept authority, or a new one. */
export async function openServerAuthority(files: Files, nowMs: number): Promise<AuthorityFiles> {
  if (!existsSync(files.certificate)) {
    const made = await makeAuthority(nowMs, 'Tillwire servers');
    writePrivateFile(files.key, made.key);
    writePrivateFile(files.certificate, made.certificate);
  }
  return { key: readFileSync(files.key, 'utf8'), certificate: readFileSync(files.certificate, 'utf8') };
}

/** True where a new certificate was written: the kept one was missing, ends soon, or lacks one of the names. */
export async function keepServerCertificate(
  files: Files,
  authority: AuthorityFiles,
  names: string[],
  nowMs: number,
): Promise<boolean> {
  const key = openServerKey(files.key);
  const kept = existsSync(files.certificate) ? readFileSync(files.certificate, 'utf8') : null;
  const asked = { key, issuer: authority, names, nowMs };
  if (kept !== null && isGoodCertificate(kept, { ...asked, renewedDays: SERVER_CERTIFICATE_RENEWED_DAYS }))
    return false;
  const wish = { ...asked, backdatedMs: DEVICE_CERTIFICATE_BACKDATED_MS, days: SERVER_CERTIFICATE_DAYS };
  writePrivateFile(files.certificate, await makeServerCertificate(wish));
  return true;
}
