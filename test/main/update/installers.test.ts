// What puts a version in place: a real Debian package by dpkg, an AppImage by a rename, and a program that is kept running.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { installerOf } from '../../../main/update/guard/installers.ts';
import { childProgram, systemdProgram } from '../../../main/update/guard/programs.ts';
import { needProgram } from '../../needs.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';

const dpkg = needProgram('dpkg-deb', { packageName: 'dpkg' });

function makePackage(folder: string, version: string): string {
  const tree = join(folder, `tree-${version}`);
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'opt/Tillwire'), { recursive: true });
  const control = `Package: tillwire\nVersion: ${version}\nArchitecture: all\nMaintainer: Tillwire\nDescription: test\n`;
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  writeFileSync(join(tree, 'opt/Tillwire/version'), version);
  const path = join(folder, `tillwire_${version}_all.deb`);
  execFileSync(dpkg ?? '', ['--root-owner-group', '--build', tree, path], { stdio: 'ignore' });
  return path;
}

describe.skipIf(dpkg === null)('a Debian package', () => {
  const makeRoot = (): string => {
    const root = temporaryFolder();
    for (const part of ['info', 'updates', 'triggers'])
      mkdirSync(join(root, 'var/lib/dpkg', part), { recursive: true });
    for (const file of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', file), '');
    mkdirSync(join(root, 'var/log'), { recursive: true });
    return root;
  };

  test('is installed, installed again, replaced by a newer one and by the older one', async () => {
    const target = makeRoot();
    const [one, two] = [makePackage(target, '1.0.0'), makePackage(target, '2.0.0')];
    const install = installerOf({ data: target, installer: 'deb', target });
    const version = (): string => readFileSync(join(target, 'opt/Tillwire/version'), 'utf8');
    for (const [path, expected] of [
      [one, '1.0.0'],
      [one, '1.0.0'],
      [two, '2.0.0'],
      [one, '1.0.0'],
    ] as const) {
      await install(path);
      expect(version()).toBe(expected);
    }
  });

  test('that is none is told with what dpkg says', async () => {
    const target = makeRoot();
    const path = join(target, 'tillwire.deb');
    writeFileSync(path, 'no package');
    await expect(installerOf({ data: target, installer: 'deb', target })(path)).rejects.toThrow(
      /dpkg failed: .*tillwire\.deb/s,
    );
  });
});

test('an AppImage is replaced as a whole and can be run', async () => {
  const folder = temporaryFolder();
  const target = join(folder, 'Tillwire.AppImage');
  writeFileSync(target, 'old', { mode: 0o755 });
  const next = join(folder, 'kept');
  writeFileSync(next, '#!/bin/sh\necho new\n', { mode: 0o600 });
  await installerOf({ data: folder, installer: 'appimage', target })(next);
  expect(execFileSync(target, { encoding: 'utf8' })).toBe('new\n');
  expect(readdirSync(folder).sort()).toEqual(['Tillwire.AppImage', 'kept']);
});

describe('a program that the guard runs', () => {
  const script = (body: string): { path: string; folder: string } => {
    const folder = temporaryFolder();
    const path = join(folder, 'program');
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return { path, folder };
  };

  test('is started again whenever it ends, and counted', async () => {
    const { path, folder } = script('echo x >> "$(dirname "$0")/starts"; exit 1');
    const program = childProgram(path, []);
    onTestFinished(program.stop);
    await program.start();
    let failed = 0;
    await until(() => {
      void program.failedStarts().then((count) => {
        failed = count;
      });
      expect(failed).toBeGreaterThanOrEqual(2);
    });
    await program.stop();
    expect(readFileSync(join(folder, 'starts'), 'utf8').length).toBeGreaterThanOrEqual(4);
  });

  test('ends in order when it is stopped, and is not started again', async () => {
    const { path, folder } = script(
      'trap "touch $(dirname "$0")/ended; exit 0" TERM; touch "$(dirname "$0")/began"; while :; do sleep 0.05; done',
    );
    const program = childProgram(path, []);
    await program.start();
    await until(() => expect(existsSync(join(folder, 'began'))).toBe(true));
    await program.stop();
    expect(existsSync(join(folder, 'ended'))).toBe(true);
    expect(await program.failedStarts()).toBe(0);
  });
});

test('a systemd service is asked for, and its failed starts are read', async () => {
  const folder = temporaryFolder();
  const said = join(folder, 'said');
  writeFileSync(
    join(folder, 'systemctl'),
    `#!/bin/sh\necho "$*" >> ${said}\n[ "$1" != show ] || printf 'NRestarts=2\\nActiveState=activating\\n'\n`,
    { mode: 0o755 },
  );
  const path = process.env['PATH'];
  process.env['PATH'] = `${folder}:${path}`;
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  const program = systemdProgram('tillwire.service');
  await program.stop();
  await program.start();
  expect(await program.failedStarts()).toBe(2);
  expect(readFileSync(said, 'utf8').split('\n')).toEqual([
    'stop tillwire.service',
    'reset-failed tillwire.service',
    'daemon-reload',
    'start --no-block tillwire.service',
    'show tillwire.service --property=NRestarts,ActiveState',
    '',
  ]);
});
