// An integrator's first look: the sandbox till and the examples of the catalogue do what they say.
import { expect, test } from 'vitest';
import { curlExample, EXAMPLES } from '../../capture/curl-examples.ts';
import { WAYS_IN } from '../../capture/ways.ts';
import { runSandbox } from '../../main/sandbox/sandbox.ts';
import { BatchOutput } from '../../protocol/local/batch.ts';
import { openDoor, TOKEN } from '../capture/door.ts';

async function saidOf(to: { url: string; token: string } | null, sales: number): Promise<string> {
  const said: string[] = [];
  await runSandbox({ to, sales, workstation: 'SANDBOX', print: (line) => said.push(line) });
  return said.join('\n');
}

/** Each document's expected and actual status. */
const outcomes = (said: string): [expected: string, actual: string][] =>
  [...said.matchAll(/expected (\d+)[^\n]*\n {2}(\d+) /g)].map(([, expected = '', actual = '']) => [expected, actual]);

test('against an agent of its own every answer is the one it announced', async () => {
  const told = outcomes(await saidOf(null, 3));
  expect(told).toHaveLength(3 + 7);
  expect(told.filter(([expected, actual]) => expected !== actual)).toEqual([]);
  expect(new Set(told.map(([, actual]) => actual))).toEqual(new Set(['201', '400', '409']));
});

test('against another one too, again and again; what is wrong is told in words', async () => {
  const door = await openDoor();
  try {
    for (let run = 0; run < 2; run++) {
      const said = await saidOf({ url: door.url, token: TOKEN }, 1);
      expect(outcomes(said).filter(([expected, actual]) => expected !== actual)).toEqual([]);
      expect(said).toContain('lines.0.sku is too short');
      expect(said).toContain('painted over: lines.0.description');
    }
    expect(await saidOf({ url: door.url, token: 'wrong' }, 1)).toContain('401 no-token');
  } finally {
    await door.close();
  }
  await expect(saidOf({ url: door.url, token: TOKEN }, 1)).rejects.toThrow('does not answer');
});

/** What a shell makes of the -d of a command. */
const bodyOf = (curl: string): string => /-d '([^']*)'$/.exec(curl)?.[1] ?? '';

test('the examples in curl are taken', async () => {
  const door = await openDoor();
  try {
    for (const way of WAYS_IN) {
      expect(JSON.parse(bodyOf(curlExample(`/v1/${way}`)))).toEqual(JSON.parse(JSON.stringify(EXAMPLES[way])));
      expect((await door.post(`/v1/${way}`, EXAMPLES[way], `example-${way}`)).status, way).toBe(201);
    }
    const { status, data } = await door.client.post<string>('/v1/batch', JSON.parse(bodyOf(curlExample('/v1/batch'))));
    expect([status, BatchOutput.parse(JSON.parse(data)).answers.map((answer) => answer.status)]).toEqual([
      200,
      [201, 201],
    ]);
  } finally {
    await door.close();
  }
});
