// A certificate of an HTTPS door, signed by itself, for tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificate } from '../../../main/lan-certificate.ts';

export async function certificateFor(names: string[]): Promise<{ certificate: string; key: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-test-'));
  const { cert, key } = await openCertificate(folder, names, Date.now());
  rmSync(folder, { recursive: true });
  return { certificate: cert, key };
}
