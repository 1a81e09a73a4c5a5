// What the database can do at best: the same bytes, 500 rows a commit, by insert and by COPY.
import pg from 'pg';
import { BATCH_ENTRIES_MAX } from '../core/limits.ts';
import { type Figure, timed } from './report.ts';

export function rawInsert(url: string, batches: Uint8Array[][]): Promise<Figure> {
  return intoNewTable(url, batches, `raw insert, ${BATCH_ENTRIES_MAX} rows a commit`, async (client, rows) => {
    const [ids, bodies] = [rows.map(({ id }) => id), rows.map(({ body }) => body)];
    await client.query('INSERT INTO bench_raw SELECT * FROM unnest($1::bigint[], $2::bytea[])', [ids, bodies]);
  });
}

export function rawCopy(url: string, batches: Uint8Array[][]): Promise<Figure> {
  return intoNewTable(url, batches, `raw COPY, ${BATCH_ENTRIES_MAX} rows a commit`, async (client, rows) => {
    const lines = rows.map(({ id, body }) => `${id}\t\\\\x${Buffer.from(body).toString('hex')}\n`).join('');
    await copy(client, 'COPY bench_raw FROM STDIN', lines);
  });
}

/** The driver leaves it to its queries what to send when the server asks for the rows. */
function copy(client: pg.Client, statement: string, lines: string): Promise<void> {
  type Connection = { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };
  return new Promise((resolve, reject) => {
    const query = new pg.Query(statement, (error: Error | undefined) => (error ? reject(error) : resolve()));
    const handleCopyInResponse = (connection: Connection): void => {
      connection.sendCopyFromChunk(Buffer.from(lines));
      connection.endCopyFrom();
    };
    client.query(Object.assign(query, { handleCopyInResponse }));
  });
}

type Row = { id: number; body: Uint8Array };

async function intoNewTable(
  url: string,
  batches: Uint8Array[][],
  what: string,
  write: (client: pg.Client, rows: Row[]) => Promise<void>,
): Promise<Figure> {
  let id = 0;
  const rows = batches.map((batch) => batch.map((body): Row => ({ id: ++id, body })));
  const client = new pg.Client(url);
  await client.connect();
  await client.query('CREATE TABLE bench_raw (id bigint PRIMARY KEY, body bytea NOT NULL)');
  const figure = await timed(what, id, async () => {
    for (const batch of rows) await write(client, batch);
  });
  await client.query('DROP TABLE bench_raw');
  await client.end();
  return figure;
}
