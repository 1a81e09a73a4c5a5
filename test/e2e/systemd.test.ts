// The service under a real systemd: in a throw-away copy of this machine, with its own processes and its own disk.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAll, needNodeRuntimes, packStub } from './packed.ts';

const SYSTEMD = '/lib/systemd/systemd';
const UNSHARE = '/usr/bin/unshare';
const DPKG = '/usr/bin/dpkg-deb';
const NAMESPACES = ['--mount', '--pid', '--fork', '--cgroup', '--ipc', '--uts', '--kill-child'];
const BOOT_WAIT_MS = 240_000;

/** Over the real disk lies one in memory, which takes all that is written; `told` is shared with us, as /mnt. */
const copyMachine = (disk: string, told: string): string => `set -e
mount -t tmpfs -o size=1g tmpfs ${disk}
mkdir ${disk}/upper ${disk}/work ${disk}/root
mount -t overlay overlay -o lowerdir=/,upperdir=${disk}/upper,workdir=${disk}/work ${disk}/root
cd ${disk}/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount --bind ${told} mnt
`;

/** Nothing of this machine's own services starts in the copy; the trial does, and ends it. */
const BOOT = `rm -f etc/systemd/system/*.wants/*
: >etc/machine-id
cat >etc/systemd/system/trial.service <<'TEXT'
[Unit]
After=basic.target
[Service]
Type=oneshot
StandardOutput=file:/mnt/said
StandardError=file:/mnt/errors
ExecStart=/bin/sh /mnt/trial.sh
ExecStopPost=/bin/systemctl exit 0
TEXT
mkdir -p etc/systemd/system/multi-user.target.wants
ln -s ../trial.service etc/systemd/system/multi-user.target.wants/trial.service
exec chroot . env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin ${SYSTEMD} --system --unit=multi-user.target
`;

const TRIAL = `
show() { echo "$1: $(systemctl show --property "$1" --value tillwire)"; }
/mnt/tree/opt/Tillwire/resources/install/install.sh --store S001 --broker mqtt://127.0.0.1:1 --window-user clerk
show ActiveState
pid=$(systemctl show --property MainPID --value tillwire)
grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$pid/status
stat --format '%n %a %U %G' /var/lib/tillwire /run/tillwire/window.json /var/lib/tillwire/device.key
tillwire status --data /var/lib/tillwire
tillwire lan enable --data /var/lib/tillwire >/dev/null
stat --format '%n %a %U' /var/lib/tillwire/lan.json
runuser -u clerk -- cat /run/tillwire/window.json >/dev/null && echo 'clerk finds the agent'
runuser -u clerk -- ls /var/lib/tillwire || echo 'clerk does not see the data'
runuser -u nobody -- cat /run/tillwire/window.json || echo 'a stranger does not find the agent'
kill -9 "$pid"
for try in 1 2 3 4 5 6 7 8 9 10; do
  again=$(systemctl show --property MainPID --value tillwire)
  [ "$again" != 0 ] && [ "$again" != "$pid" ] && break
  sleep 1
done
show NRestarts
sleep 2
show ActiveState
systemctl stop tillwire
show Result
/opt/Tillwire/resources/install/uninstall.sh
systemctl cat tillwire || echo 'no such service'
ls /var/lib/tillwire/journal.db
echo 'the Debian package'
export SUDO_USER=clerk
dpkg -i /mnt/tillwire.deb
show ActiveState
ls /usr/bin/tillwire-window /etc/xdg/autostart/tillwire.desktop
/opt/Tillwire/resources/install/uninstall.sh || echo 'not by hand'
dpkg -i /mnt/tillwire.deb
show ActiveState
systemctl cat tillwire | head -1
dpkg -P tillwire
systemctl cat tillwire || echo 'no such service again'
ls /opt/Tillwire /usr/bin/tillwire /usr/bin/tillwire-window || echo 'nothing is left'
ls /var/lib/tillwire/journal.db
`;

/** As electron-builder's fpm does it, from the same scripts. */
function makeDebianPackage(unpacked: string, told: string): void {
  const tree = join(told, 'tree');
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'opt'));
  renameSync(unpacked, join(tree, 'opt/Tillwire'));
  const names: Record<string, string> = { executable: 'tillwire-window', sanitizedProductName: 'Tillwire' };
  const scripts = { 'after-install': 'postinst', 'before-remove': 'prerm', 'after-remove': 'postrm' };
  for (const [ours, theirs] of Object.entries(scripts)) {
    const script = readFileSync(join(import.meta.dirname, `../../build/install/deb/${ours}.sh`), 'utf8');
    const filled = script.replaceAll(/\$\{([a-zA-Z]+)\}/g, (_all, name: string) => names[name] ?? '');
    writeFileSync(join(tree, 'DEBIAN', theirs), filled, { mode: 0o755 });
  }
  const control = 'Package: tillwire\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n';
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  const built = spawnSync(DPKG, ['-Znone', '--root-owner-group', '--build', tree, join(told, 'tillwire.deb')]);
  if (built.status !== 0) throw new Error(`dpkg-deb: ${built.stderr}`);
}

function canCopy(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync(DPKG)) return false;
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-copy-'));
  const tried = spawnSync(UNSHARE, [...NAMESPACES, 'sh', '-c', `${copyMachine(folder, folder)}\ntest -x .${SYSTEMD}`]);
  rmSync(folder, { recursive: true, force: true });
  return tried.status === 0;
}

const possible = canCopy();
if (!possible)
  console.warn('\n*** a copy of this machine with systemd (needs root, unshare, Debian): its test was NOT RUN.\n');
const canPack = possible && needNodeRuntimes('linux');

describe.skipIf(!canPack)('under systemd', () => {
  const work = mkdtempSync(join(tmpdir(), 'tillwire-systemd-'));
  let byHand = '';
  let byPackage = '';
  let errors = '';

  beforeAll(async () => {
    await buildAll();
    const [disk, told] = [join(work, 'disk'), join(work, 'told')];
    for (const folder of [disk, told]) mkdirSync(folder);
    makeDebianPackage(await packStub('linux', told), told);
    writeFileSync(join(told, 'trial.sh'), TRIAL);
    const account = 'useradd --root "$PWD" --create-home clerk\n';
    const script = join(work, 'boot.sh');
    writeFileSync(script, `${copyMachine(disk, told)}${account}${BOOT}`);
    const way = { timeout: BOOT_WAIT_MS, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    const booted = spawnSync(UNSHARE, [...NAMESPACES, 'sh', script], way);
    if (!existsSync(join(told, 'said'))) throw new Error(`The copy did not start: ${booted.stdout}${booted.stderr}`);
    [byHand = '', byPackage = ''] = readFileSync(join(told, 'said'), 'utf8').split('the Debian package\n');
    errors = readFileSync(join(told, 'errors'), 'utf8');
  }, BOOT_WAIT_MS + 60_000);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('the service runs under its own account, without rights', () => {
    expect(byHand).toContain('The agent runs and starts with this machine.');
    expect(byHand).toContain('ActiveState: active');
    expect(byHand).toMatch(/CapEff:\s+0000000000000000/);
    expect(byHand).toMatch(/NoNewPrivs:\s+1/);
    expect(byHand).toMatch(/Seccomp:\s+2/);
    expect(byHand).toContain('/var/lib/tillwire 700 tillwire tillwire-window');
    expect(byHand).toContain('/var/lib/tillwire/device.key 600 tillwire tillwire-window');
  });

  test('whoever is of the group finds it, nobody else, and nobody sees its data', () => {
    expect(byHand).toContain('/run/tillwire/window.json 640 tillwire tillwire-window');
    expect(byHand).toContain('clerk finds the agent');
    expect(byHand).toContain('clerk does not see the data');
    expect(byHand).toContain('a stranger does not find the agent');
  });

  test('the command line of root works as the account of the service', () => {
    expect(byHand).toContain('Store S001: agent running');
    expect(byHand).toContain('/var/lib/tillwire/lan.json 600 tillwire');
  });

  test('killed it comes back, stopped it ends in order, uninstalled it leaves the data', () => {
    expect(byHand).toContain('NRestarts: 1');
    expect(byHand.match(/ActiveState: active/g)).toHaveLength(2);
    expect(byHand).toContain('Result: success');
    expect(byHand).toContain('Removed. The data folder /var/lib/tillwire was kept');
    expect(byHand).toContain('no such service');
    expect(byHand).toContain('/var/lib/tillwire/journal.db');
    expect(errors).not.toContain('Not installed');
  });

  test('the Debian package brings it, updates it, and takes all away but the data', () => {
    expect(byPackage.match(/ActiveState: active/g)).toHaveLength(2);
    expect(byPackage).toContain('clerk may open the store window');
    expect(byPackage).toContain('/usr/bin/tillwire-window\n');
    expect(byPackage).toContain('/etc/xdg/autostart/tillwire.desktop\n');
    expect(byPackage).toContain('not by hand');
    expect(errors).toContain('Not removed: the Debian package put it here. Remove that: sudo apt remove tillwire');
    expect(byPackage).toMatch(/# \/(usr\/)?lib\/systemd\/system\/tillwire\.service/);
    expect(byPackage).toContain('This machine is safe to wipe');
    expect(byPackage).toMatch(/no such service again\nnothing is left\n\/var\/lib\/tillwire\/journal\.db\n$/);
  });
});
