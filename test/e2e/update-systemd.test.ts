// Updates of the Debian package under a real systemd: the path unit, root's guard, dpkg, and the way back.
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version as built } from '../../main/version.ts';
import { SCHEMA_VERSION } from '../../storage/migrate.ts';
import { keyStatement, makeKeys, publishRelease, signedKeys } from '../main/update/signer.ts';
import { type ReleaseServer, serveReleases } from '../release-server.ts';
import { canCopyMachine, makeDebianPackage, tryInCopy } from './machine-copy.ts';
import { buildAll, needNodeRuntimes, packStub } from './packed.ts';

const WAIT_MS = 420_000;
const ALL_WEEK = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' };
const PACE = { wellMs: 3_000, trialMs: 120_000, quietMs: 1_000, windowLeftMs: 0, tryWaitMs: 200 };

const TRIAL = `
mkdir -p /etc/tillwire
cp /mnt/keys.json /etc/tillwire/tillwire-update-keys.json
cp /mnt/settings.json /etc/tillwire/tillwire-settings.json
echo '{ "store": "S001", "broker": "mqtt://127.0.0.1:1" }' >/etc/tillwire/tillwire-enrolment.json
dpkg -i /mnt/one.deb
guard=/var/lib/tillwire-update
stat --format '%n %a %U' $guard $guard/keys.json $guard/guard.json
sed -i 's|}$|, "pace": ${JSON.stringify(PACE)} }|' $guard/guard.json
systemctl restart tillwire
until_told() {
  for try in $(seq 1 180); do grep -q "$1" $guard/state.json 2>/dev/null && return 0; sleep 1; done
  echo "it never told $1"; cat $guard/state.json; journalctl --no-pager -u tillwire-update -u tillwire | tail -40
}
installed() { echo "installed $(dpkg-query --show --showformat='\${Version} \${db:Status-Status}' tillwire)"; }
check() { for try in $(seq 1 30); do tillwire update check --data /var/lib/tillwire && return 0; sleep 1; done; }
check
until_told '"outcome": "well"'
installed
systemctl is-active tillwire
stat --format '%n %a %U' $guard/state.json $guard/program/guard.js $guard/installers/*.deb
runuser -u tillwire -- sh -c "echo x >$guard/state.json" || echo 'the agent cannot write for the guard'
cp -r /mnt/broken/. /mnt/releases
check
until_told '"outcome": "put-back"'
installed
for try in 1 2 3 4 5 6 7 8 9 10; do [ -f /run/tillwire/window.json ] && break; sleep 1; done
systemctl is-active tillwire
tillwire update status --data /var/lib/tillwire
systemctl is-failed tillwire-update || true
dpkg --purge tillwire
ls $guard || echo 'the guard is gone'
ls /var/lib/tillwire/journal.db
`;

const possible = canCopyMachine();
if (!possible)
  console.warn(
    '\n*** a copy of this machine with systemd (needs root, unshare, Debian): updates under it were NOT RUN.\n',
  );

describe.skipIf(!possible || !needNodeRuntimes('linux'))('the Debian package', () => {
  const work = mkdtempSync(join(tmpdir(), 'tillwire-update-'));
  let server: ReleaseServer | null = null;
  let said = '';
  let errors = '';

  beforeAll(async () => {
    await buildAll();
    const told = join(work, 'told');
    const tree = join(work, 'tree');
    const [releases, broken] = [join(told, 'releases'), join(told, 'broken')];
    for (const folder of [releases, broken, join(tree, 'opt')]) mkdirSync(folder, { recursive: true });
    renameSync(await packStub('linux', work), join(tree, 'opt/Tillwire'));
    const keys = makeKeys();
    writeFileSync(join(told, 'keys.json'), signedKeys(keyStatement(1, keys), keys.root));
    server = await serveReleases(releases);
    writeFileSync(
      join(told, 'settings.json'),
      JSON.stringify({ updates: { address: server.url, window: [ALL_WEEK] } }),
    );
    const agent = join(tree, 'opt/Tillwire/resources/agent');

    function release(folder: string, version: string): string {
      const file = join(work, `tillwire_${version}_all.deb`);
      makeDebianPackage(tree, version, file);
      publishRelease(folder, {
        file,
        version,
        keys: keys.release,
        more: { installer: 'deb', journal: SCHEMA_VERSION },
      });
      return file;
    }
    // The bundle holds its version once, as package.json said it.
    function become(version: string): void {
      for (const path of globSync('**/*.js', { cwd: agent }).map((name) => join(agent, name))) {
        const code = readFileSync(path, 'utf8');
        const changed = code.replaceAll(/(version\w*(?: = |: )")\d+\.\d+\.\d+(")/g, `$1${version}$2`);
        if (changed !== code && code.includes(`"${built}"`)) writeFileSync(path, changed);
      }
    }
    copyFileSync(release(releases, built), join(told, 'one.deb'));
    become('7.0.0');
    release(releases, '7.0.0');
    writeFileSync(join(agent, 'tillwire.js'), 'process.exit(3);\n');
    release(broken, '8.0.0');
    ({ said, errors } = await tryInCopy(told, TRIAL, { waitMs: WAIT_MS }));
  }, WAIT_MS + 60_000);
  afterAll(async () => {
    await server?.close();
    rmSync(work, { recursive: true, force: true });
  });

  test('sets the guard up where only root may change it', () => {
    expect(said).toContain('/var/lib/tillwire-update 755 root');
    expect(said).toContain('/var/lib/tillwire-update/keys.json 644 root');
    expect(said).toContain('/var/lib/tillwire-update/program/guard.js 644 root');
    expect(said).toContain('the agent cannot write for the guard');
  });

  test('updates itself, and goes back by itself from one that does not start', () => {
    expect(said).not.toContain('it never told');
    expect(said.match(/^installed .*$/gm)).toEqual(['installed 7.0.0 installed', 'installed 7.0.0 installed']);
    expect(said.match(/^active$/gm)).toHaveLength(2);
    expect(said).toMatch(/put back +8\.0\.0: not tried again/);
    expect(errors).not.toContain('Not installed: the program');
  });

  test('takes the guard away when it is purged, and leaves the data', () => {
    expect(said).toContain('the guard is gone');
    expect(said).toMatch(/\/var\/lib\/tillwire\/journal\.db\n$/);
  });
});
