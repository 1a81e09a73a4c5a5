// All parts that follow the configuration, joined as the agent joins them: put into force, refused, taken back.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchDropFolder } from '../../../capture/drop-folder.ts';
import { openInForce } from '../../../main/configuration/in-force.ts';
import { followConfiguration } from '../../../main/in-force/follow.ts';
import { watchSettings } from '../../../main/settings.ts';
import { keepLog } from '../../../main/this-pc/log-file.ts';
import { UNBOUNDED } from '../../../sync/policy.ts';
import { mappingOf, pseudonymKey, spillFolder } from '../../capture/imports.ts';
import { memoryJournal } from '../../capture/memory-journal.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
function open(folder: string, isOnTrial: () => boolean = () => false) {
  const told: string[] = [];
  const inForce = openInForce((problem) => void told.push(problem));
  const own = watchSettings({ folder, wallMs: () => 0, onChange: () => {} });
  const begin = () => {
    const following = followConfiguration({
      ...{ folder, own, wallMs: Date.now, onChange: () => {}, log: keepLog(quiet, folder) },
      configuration: { ...inForce, isOnTrial },
    });
    onTestFinished(following.close);
    return following;
  };
  onTestFinished(own.close);
  return { inForce, begin, told };
}

test('each part follows what is in force, and goes back with it', () => {
  const folder = temporaryFolder();
  const { inForce, begin, told } = open(folder);
  const following = begin();
  expect([following.policy(), following.readings().size, following.settings.now().language]).toEqual([
    UNBOUNDED,
    0,
    undefined,
  ]);
  const problem = inForce.become(
    {
      feeds: { tills: { reading: { ...mappingOf() } } },
      sync: { batchEntries: 9 },
      window: { language: 'de' },
      log: { level: 'error' },
    },
    1,
  );
  expect([problem, told]).toEqual([null, []]);
  expect(following.policy()).toEqual({ ...UNBOUNDED, batchEntries: 9 });
  expect([...following.readings().keys()]).toEqual(['tills']);
  expect(existsSync(join(folder, 'drop', 'tills'))).toBe(true);
  expect(following.settings.now().language).toBe('de');
  expect(inForce.become({}, null)).toBeNull();
  expect([following.policy(), following.readings().size, following.settings.now().language]).toEqual([
    UNBOUNDED,
    0,
    undefined,
  ]);
});

test('what cannot be put into force is told, at its change and at a start', () => {
  const folder = temporaryFolder();
  const { inForce, begin, told } = open(folder);
  begin();
  writeFileSync(join(folder, 'drop'), 'a file is in the way');
  const wrong = { feeds: { tills: { reading: { ...mappingOf() } } } };
  expect(inForce.become(wrong, 1)).toMatch(/^feeds\.tills: its folder/);
  expect(inForce.become({ updates: { address: 'https://x.example' } }, 2)).toContain('name maintenance');
  inForce.become(wrong, 3);
  begin();
  expect(told).toEqual([expect.stringMatching(/^feeds\.tills: its folder/)]);
});

test('nothing is deleted while a revision is on trial', async () => {
  const folder = temporaryFolder();
  const done = join(folder, 'drop', 'shop', 'done');
  mkdirSync(done, { recursive: true });
  const result = join(done, 'old.csv.result.json');
  writeFileSync(result, '{}');
  utimesSync(result, 0, 0);
  let isOnTrial = true;
  const { inForce, begin } = open(folder, () => isOnTrial);
  inForce.become({ retention: { doneFilesDays: 1 } }, 1);
  await begin().close();
  expect(existsSync(result)).toBe(true);
  isOnTrial = false;
  begin();
  await until(() => expect(existsSync(result)).toBe(false));
});

test('a file that a reading on trial cannot take stays where it is and ends the trial; the reading before takes it', async () => {
  const folder = temporaryFolder();
  let isOnTrial = false;
  const { inForce, begin, told } = open(folder, () => isOnTrial);
  const following = begin();
  const journal = memoryJournal();
  const drop = watchDropFolder({
    ...{ folder: join(folder, 'drop'), journal, store: 'S001', pseudonymKey, spillFolder },
    ...{ readingOf: following.readingOf, onEvent: following.tookFile, after: () => () => undefined },
  });
  const feeds = (shop: object, garden: object = mappingOf()) => ({
    feeds: { shop: { reading: { ...shop } }, garden: { reading: { ...garden } } },
  });
  const looks = async (): Promise<void> => {
    await drop.look();
    await drop.look();
  };
  inForce.become(feeds(mappingOf()), 1);
  isOnTrial = true;
  inForce.become(feeds({ ...mappingOf(), columns: { ...mappingOf().columns, sku: 'article' } }), 2);
  const sales = join(folder, 'drop', 'shop', 'sales.csv');
  writeFileSync(sales, 'receipt,sku,quantity,time,Joan Smith\n1,A,1,2026-11-21T10:15:00,x\n');
  // Nothing of this feed is new: what it cannot take is no fault of the revision.
  writeFileSync(join(folder, 'drop', 'garden', 'letter.csv'), 'Dear Sirs\n');
  await looks();
  expect(told).toEqual([
    'feeds.shop.reading cannot read a file: The file has no column "article", which the mapping names as sku',
  ]);
  expect([existsSync(sales), existsSync(join(folder, 'drop', 'garden', 'set-aside', 'letter.csv'))]).toEqual([
    true,
    true,
  ]);
  isOnTrial = false;
  inForce.become(feeds(mappingOf()), 1);
  await looks();
  expect([journal.facts.length, existsSync(sales)]).toEqual([1, false]);
});
