// Before the integration tests: the store window as it is now.
import { resolve } from 'node:path';
import { build } from 'vite';

export default async function buildWindow(): Promise<void> {
  await build({ configFile: resolve(import.meta.dirname, '../build/vite.config.ts'), logLevel: 'warn' });
}
