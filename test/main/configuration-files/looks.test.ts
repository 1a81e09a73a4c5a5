// Plans of rings, tables of what holds, and what differs: as the command line shows them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differenceLines, differences } from '../../../main/configuration-files/differences.ts';
import { effectiveOfFile, effectiveTable, short } from '../../../main/configuration-files/effective-table.ts';
import { checkPlan, countRings, refuseUnknown } from '../../../main/configuration-files/plan-file.ts';
import { problemLine } from '../../../main/configuration-files/problems.ts';
import { ConfigurationSource } from '../../../protocol/configuration/document.ts';
import { chain, chainWith, RINGS_FILE } from './chain.ts';

test('the example of a plan is right, and each store belongs to the first ring that it matches', () => {
  const checked = checkPlan(readFileSync(RINGS_FILE, 'utf8'));
  if ('problems' in checked) throw new Error(checked.problems.map(problemLine).join('\n'));
  expect(countRings(checked.plan, chain())).toEqual({ rings: [1, 1, 1], none: 0 });
  const firstTwo = { ...checked.plan, rings: checked.plan.rings.slice(0, 2) };
  expect(countRings(firstTwo, chain())).toEqual({ rings: [1, 1], none: 1 });
});

const ring = { name: 'pilot', stores: 'all' };
test.each<[object, string]>([
  [{ rings: [] }, 'rings is an empty list; allowed: a list of 1 to 20 entries'],
  [
    { rings: [{ ...ring, stores: 'regoin=north' }] },
    'rings[0].stores is "regoin=north"; allowed: "regoin" is not known: use region',
  ],
  [{ rings: [{ ...ring, successPercent: 120 }] }, 'rings[0].successPercent is 120; allowed: a number from 0 to 100'],
  [{ rings: [{ ...ring, success: 90 }] }, 'rings[0].success is not a field of this part; allowed: name, stores'],
  [{ rings: [ring, ring] }, 'rings[1].name is there twice; allowed: a name of its own'],
  [
    { rings: [ring], times: [{ days: ['mon'], from: '8', to: '09:00' }] },
    'times[0].from is "8"; allowed: write the time of day',
  ],
])('%j', (plan, line) => {
  const checked = checkPlan(JSON.stringify(plan));
  const lines = 'problems' in checked ? checked.problems.map(problemLine) : [];
  expect(lines.map((one) => one.slice(0, line.length))).toEqual([line]);
});

test('a ring that no store could ever be in is refused before anything is published', () => {
  const plan = (stores: string) => {
    const checked = checkPlan(JSON.stringify({ rings: [{ name: 'first', stores }] }));
    if ('problems' in checked) throw new Error('the plan is not right');
    return checked.plan;
  };
  const refused = (stores: string) => () => refuseUnknown(plan(stores), chain());
  expect(refused('region=north,nroth')).toThrow(
    'rings[0].stores names the region "nroth", of which no store is; allowed: north or south',
  );
  expect(refused('till=NCR')).toThrow('names the till "NCR", of which no store is; allowed: kiosk, ncr or wincor');
  // Stores that the file does not name get what the chain says.
  for (const right of ['all', 'store=S900', 'share=10', 'region=north and ring=pilot and till=ncr']) {
    expect(refused(right)).not.toThrow();
  }
});

test('what holds for a store stands beside the layer that it comes from', () => {
  const { configuration, origins, isNamed } = effectiveOfFile(chain(), 'S003');
  const table = effectiveTable(configuration, origins);
  expect(isNamed).toBe(true);
  expect(table).toContainEqual(['sync.bytesPerSecond', '20000', 'store S003']);
  expect(table).toContainEqual(['window.help.phone', '"+49 89 7654321"', 'region south']);
  expect(table).toContainEqual(['log.level', '"info"', 'chain']);
  expect(table.some(([path]) => path === 'retention.doneFilesDays')).toBe(false);
  expect(effectiveOfFile(chain(), 'S999').isNamed).toBe(false);
  expect(short('x'.repeat(500)).length).toBeLessThan(80);
});

test('stores with the same changes stand together, and those that move are told', () => {
  const faster = ConfigurationSource.parse(JSON.parse(chainWith('chain/sync/bytesPerSecond', 300_000)));
  const moved = { ...faster, stores: { ...faster.stores, S001: { region: 'south', tills: ['ncr'] } } };
  expect(differenceLines(differences(chain(), faster))).toEqual([
    'stores that are not named, S001, S002:',
    '  sync.bytesPerSecond: 200000 -> 300000',
  ]);
  expect(differenceLines(differences(faster, moved))).toEqual([
    'S001:',
    '  conflicts.oversold.hours: 24 -> 48',
    '  log.level: "debug" -> "info"',
    '  trial.minutes: 30 -> 10',
    '  window.help.phone: "+49 30 1234567" -> "+49 89 7654321"',
    'Where stores belong:',
    '  S001.region: "north" -> "south"',
    '  S001.ring: "pilot" -> nothing',
  ]);
  expect(differenceLines(differences(chain(), chain()))).toEqual([]);
});
