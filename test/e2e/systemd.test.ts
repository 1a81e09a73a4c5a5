// The service under a real systemd: in a throw-away copy of this machine, with its own processes and its own disk.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canCopyMachine, makeDebianPackage, tryInCopy } from './machine-copy.ts';
import { buildAll, needNodeRuntimes, packStub } from './packed.ts';

const BOOT_WAIT_MS = 240_000;

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

const possible = canCopyMachine();
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
    const told = join(work, 'told');
    const tree = join(told, 'tree');
    mkdirSync(join(tree, 'opt'), { recursive: true });
    renameSync(await packStub('linux', told), join(tree, 'opt/Tillwire'));
    makeDebianPackage(tree, '1', join(told, 'tillwire.deb'));
    const before = 'useradd --root "$PWD" --create-home clerk\n';
    const tried = await tryInCopy(told, TRIAL, { waitMs: BOOT_WAIT_MS, before });
    [byHand = '', byPackage = ''] = tried.said.split('the Debian package\n');
    errors = tried.errors;
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
