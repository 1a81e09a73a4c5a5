// Backups as people make them: a copy of a folder, a copy of a database, put back when the original has gone on.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { AgentHandle, World } from './world.ts';

/** Copied while the agent is not running; `put` throws the folder of today away. */
export async function copyFolder(agent: AgentHandle): Promise<{ path: string; put(): Promise<void> }> {
  const path = `${agent.folder}-copy`;
  await agent.kill();
  cpSync(agent.folder, path, { recursive: true });
  await agent.start();
  return {
    path,
    async put() {
      await agent.kill();
      rmSync(agent.folder, { recursive: true });
      cpSync(path, agent.folder, { recursive: true });
    },
  };
}

export const mirrorIn = (agent: AgentHandle): string => join(agent.folder, 'mirror');

/** PostgreSQL only; central is stopped for both, and `put` starts it again with what is given. */
export async function copyDatabase(world: World): Promise<{ put(...options: string[]): Promise<void> }> {
  const url = world.databaseUrl;
  if (url === null) throw new Error('an embedded database is not copied this way');
  const name = new URL(url).pathname.slice(1);
  const ask = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url.replace(/[^/]+$/, 'template1') });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  await world.central.kill();
  await ask(`drop database if exists copy with (force)`, `create database copy template ${name}`);
  await world.central.start();
  return {
    async put(...options) {
      await world.central.kill();
      await ask(`drop database ${name} with (force)`, `create database ${name} template copy`);
      await world.central.start(...options);
    },
  };
}
