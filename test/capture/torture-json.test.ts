// JSON that parsers trip over, at every door that takes JSON, over real HTTP: never a 500, and what is wrong is a 400.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../capture/curl-examples.ts';
import { WAYS_IN } from '../../capture/ways.ts';
import { VENDORS } from '../../protocol/local/webhooks.ts';
import { needSample } from '../needs.ts';
import { type Door, openDoor } from './door.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 400);
const DOORS = [
  ...WAYS_IN.map((way) => `/v1/${way}`),
  ...['/v1/batch', '/v1/set-aside/redrive'],
  ...VENDORS.map((vendor) => `/v1/webhooks/${vendor}`),
];

let door: Door;
let webhookFolder: string;
beforeAll(async () => {
  webhookFolder = mkdtempSync(join(tmpdir(), 'tillwire-torture-'));
  for (const vendor of VENDORS) writeFileSync(join(webhookFolder, `${vendor}.json`), '{}', { mode: 0o600 });
  door = await openDoor({ webhookFolder });
});
afterAll(async () => {
  await door.close();
  rmSync(webhookFolder, { recursive: true, force: true });
});

let keys = 0;
async function post(path: string, bytes: Uint8Array): Promise<{ status: number; code: string }> {
  const headers = { 'content-type': 'application/json' };
  const { status, data } = await door.post(path, Buffer.from(bytes), `t${++keys}`, { headers });
  const answer: unknown = JSON.parse(data);
  const isError = typeof answer === 'object' && answer !== null && 'error' in answer;
  return { status, code: isError ? (answer.error as { code: string }).code : 'taken' };
}

const folder = needSample('06-torture/JSONTestSuite/test_parsing');
const cases = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.runIf(folder !== null)('JSONTestSuite', () => {
  test('is there whole', () => expect(cases.length).toBeGreaterThan(150));

  test.each(DOORS)('%s', async (path) => {
    const wrong: string[] = [];
    for (const name of cases) {
      const { status, code } = await post(path, readFileSync(join(folder ?? '', name)));
      const isTaken = status < 500 && !(name.startsWith('y_') && code === 'bad-json');
      if (name.startsWith('n_') ? status !== 400 : !isTaken) wrong.push(`${name}: ${status} ${code}`);
    }
    expect(wrong).toEqual([]);
  });
});

const valid = WAYS_IN.map((way) => JSON.stringify(EXAMPLES[way]));
const texts = [
  ...valid,
  JSON.stringify({ documents: [{ way: 'transactions', key: 'k', body: EXAMPLES.transactions }] }),
];

/** Valid bodies, of which pieces are taken out, doubled, swapped, or replaced by what means something in JSON. */
const damaged = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.tuple(
        fc.nat(2_000),
        fc.nat(12),
        fc.oneof(
          fc.constantFrom(
            '',
            '"',
            '\\',
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            'null',
            '1e400',
            '-0',
            '\\ud800',
            '\u0000',
            '"__proto__":1,',
          ),
          fc.string({ unit: 'binary', maxLength: 6 }),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([text, cuts]) =>
    cuts.reduce((now, [at, length, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + length);
    }, text),
  );

/** Valid bodies in which one value is anything else. */
const changed = fc
  .tuple(fc.constantFrom(...WAYS_IN), fc.nat(), fc.jsonValue({ maxDepth: 3 }))
  .map(([way, at, value]) => {
    const body = structuredClone(EXAMPLES[way]) as Record<string, unknown>;
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, below] of Object.entries(node)) {
        places.push([node as Record<string, unknown>, key]);
        walk(below);
      }
    };
    walk(body);
    const [node, key] = places[at % places.length] ?? [body, 'kind'];
    node[key] = value;
    return JSON.stringify(body);
  });

test('generated bodies are taken or refused by every door, and never a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, changed, fc.json()), fc.constantFrom(...DOORS), async (text, path) => {
      const { status } = await post(path, Buffer.from(text));
      expect([200, 201, 400, 403, 404, 409, 413, 422]).toContain(status);
    }),
    { numRuns: CASES },
  );
}, 600_000);
