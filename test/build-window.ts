// Before the integration tests: the store window and head office's page as they are now.
import { resolve } from 'node:path';
import { createBuilder } from 'vite';

const PAGES = ['client', 'hq'];

export default async function buildWindow(): Promise<void> {
  // Another run builds it at this moment, and these tests need none.
  if (process.env['TILLWIRE_NO_WINDOW'] === '1') return;
  const builder = await createBuilder({
    configFile: resolve(import.meta.dirname, '../build/vite.config.ts'),
    logLevel: 'warn',
  });
  for (const name of PAGES) {
    const environment = builder.environments[name];
    if (environment === undefined) throw new Error(`build/vite.config.ts has no ${name}`);
    await builder.build(environment);
  }
}
