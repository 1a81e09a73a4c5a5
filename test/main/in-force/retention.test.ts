// What the configuration lets go: imported files and lines of the log, by their age, and nothing else.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepRetention } from '../../../main/in-force/retention.ts';
import { keepLog } from '../../../main/this-pc/log-file.ts';
import type { Configuration } from '../../../protocol/configuration/document.ts';
import { temporaryFolder } from '../../temporary.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 21);
const quiet = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };

function open(configuration: Configuration) {
  const folder = temporaryFolder();
  const drop = join(folder, 'drop');
  const forgotten: number[] = [];
  const retention = keepRetention({
    ...{ drop, configuration: () => configuration, wallMs: () => NOW, log: quiet },
    onLook: () => undefined,
    forgetLog: (beforeMs) => void forgotten.push(beforeMs),
  });
  onTestFinished(retention.close);
  const put = (days: number, ...path: string[]): void => {
    const file = join(drop, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'x');
    utimesSync(file, new Date(NOW - days * DAY_MS), new Date(NOW - days * DAY_MS));
  };
  return { drop, retention, put, forgotten, names: (...path: string[]) => readdirSync(join(drop, ...path)).sort() };
}

test('imported files go when they were imported so long ago, whatever the age of the file itself', async () => {
  const { retention, put, names } = open({ retention: { doneFilesDays: 30 } });
  put(31, 'shop', 'done', 'old.csv');
  put(31, 'shop', 'done', 'old.csv.result.json');
  put(900, 'shop', 'done', 'from-years-ago.csv');
  put(29, 'shop', 'done', 'from-years-ago.csv.result.json');
  put(31, 'shop', 'done', 'lost.csv.result.json');
  put(31, 'shop', 'done', 'by-hand.csv');
  put(31, 'shop', 'done', 'named.result.json');
  put(2, 'shop', 'done', 'named.result.json.result.json');
  put(99, 'shop', 'set-aside', 'bad.csv');
  put(99, 'shop', 'waiting.csv');
  put(99, 'shop', 'mapping.json');
  await retention.look();
  expect(names('shop', 'done')).toEqual([
    'by-hand.csv',
    'from-years-ago.csv',
    'from-years-ago.csv.result.json',
    'named.result.json',
    'named.result.json.result.json',
  ]);
  expect([names('shop', 'set-aside'), names('shop')]).toEqual([
    ['bad.csv'],
    ['done', 'mapping.json', 'set-aside', 'waiting.csv'],
  ]);
});

test('nothing goes where nothing is named, nor through a link to elsewhere', async () => {
  const none = open({});
  none.put(9_000, 'shop', 'done', 'a.csv.result.json');
  await none.retention.look();
  expect([none.names('shop', 'done'), none.forgotten]).toEqual([['a.csv.result.json'], []]);
  const linked = open({ retention: { doneFilesDays: 1 } });
  linked.put(5, '..', 'elsewhere', 'a.csv.result.json');
  linked.put(0, 'shop', 'x.csv');
  symlinkSync(join(linked.drop, '..', 'elsewhere'), join(linked.drop, 'shop', 'done'));
  await linked.retention.look();
  expect(linked.names('..', 'elsewhere')).toEqual(['a.csv.result.json']);
});

test('lines of the log go by the day that is named', async () => {
  const { retention, forgotten } = open({ retention: { logDays: 7 } });
  await retention.look();
  expect(forgotten).toEqual([NOW - 7 * DAY_MS]);
});

test('of the log only old lines go, in both files, and it goes on behind what is left', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'identity.json'), '{}');
  mkdirSync(join(folder, 'log'));
  const [file, before] = [join(folder, 'log', 'agent.log'), join(folder, 'log', 'agent.log.1')];
  const line = (time: number, msg: string): string => `{"level":30,"time":${time},"msg":"${msg}"}\n`;
  writeFileSync(before, line(1_000, 'first'));
  writeFileSync(file, `${line(2_000, 'second')}a line of another form\n${line(3_000, 'third')}`);
  const log = keepLog(quiet, folder);
  log.forget(2_500);
  expect([existsSync(before), readFileSync(file, 'utf8')]).toEqual([false, line(3_000, 'third')]);
  log.info({}, 'fourth');
  expect(readFileSync(file, 'utf8')).toMatch(/third.*\n.*fourth/);
  log.forget(2_500);
  expect(readFileSync(file, 'utf8')).toMatch(/third.*\n.*fourth/);
});

test('the level of what is kept follows at run time, and comes back', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'identity.json'), '{}');
  const log = keepLog(quiet, folder);
  const kept = (): string[] => readFileSync(join(folder, 'log', 'agent.log'), 'utf8').match(/(?<="msg":")[^"]*/g) ?? [];
  log.debug?.({}, 'small 1');
  log.info({}, 'usual 1');
  log.setLevel('debug');
  log.debug?.({}, 'small 2');
  log.setLevel('error');
  log.warn({}, 'usual 2');
  log.error({}, 'bad');
  log.setLevel(null);
  log.info({}, 'usual 3');
  expect(kept()).toEqual(['usual 1', 'small 2', 'bad', 'usual 3']);
});
