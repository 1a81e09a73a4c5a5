// A throw-away copy of this machine with a real systemd, its own processes and its own disk; and packages to try in it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SYSTEMD = '/lib/systemd/systemd';
const UNSHARE = '/usr/bin/unshare';
const DPKG = '/usr/bin/dpkg-deb';
const NAMESPACES = ['--mount', '--pid', '--fork', '--cgroup', '--ipc', '--uts', '--kill-child'];

/** Over the real disk lies one in memory, which takes all that is written; `told` is shared with us, as /mnt. */
const copyMachine = (disk: string, told: string): string => `set -e
mount -t tmpfs -o size=3g tmpfs ${disk}
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
TimeoutStartSec=infinity
StandardOutput=file:/mnt/said
StandardError=file:/mnt/errors
ExecStart=/bin/sh /mnt/trial.sh
ExecStopPost=/bin/systemctl exit 0
TEXT
mkdir -p etc/systemd/system/multi-user.target.wants
ln -s ../trial.service etc/systemd/system/multi-user.target.wants/trial.service
exec chroot . env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin ${SYSTEMD} --system --unit=multi-user.target
`;

export function canCopyMachine(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync(DPKG)) return false;
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-copy-'));
  const tried = spawnSync(UNSHARE, [...NAMESPACES, 'sh', '-c', `${copyMachine(folder, folder)}\ntest -x .${SYSTEMD}`]);
  rmSync(folder, { recursive: true, force: true });
  return tried.status === 0;
}

/**
 * Runs a shell script as root in the copy; `told` is /mnt there, with what the trial needs; `before` is run in its root
 * folder before it boots. What it said and what went
 * wrong; rejects where the copy does not start. This process goes on meanwhile.
 */
export async function tryInCopy(
  told: string,
  trial: string,
  { waitMs, before = '' }: { waitMs: number; before?: string },
): Promise<{ said: string; errors: string }> {
  const disk = mkdtempSync(join(tmpdir(), 'tillwire-disk-'));
  writeFileSync(join(told, 'trial.sh'), trial);
  const script = join(told, 'boot.sh');
  writeFileSync(script, `${copyMachine(disk, told)}${before}${BOOT}`);
  const child = spawn(UNSHARE, [...NAMESPACES, 'sh', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let console = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (console += chunk));
  const patience = setTimeout(() => child.kill('SIGKILL'), waitMs);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(patience);
  rmSync(disk, { recursive: true, force: true });
  if (!existsSync(join(told, 'said'))) throw new Error(`The copy did not start: ${console}`);
  return { said: readFileSync(join(told, 'said'), 'utf8'), errors: readFileSync(join(told, 'errors'), 'utf8') };
}

/** The unpacked program in `tree`/opt/Tillwire as a Debian package, with our maintainer scripts, as electron-builder makes it. */
export function makeDebianPackage(tree: string, version: string, path: string): void {
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  const names: Record<string, string> = { executable: 'tillwire-window', sanitizedProductName: 'Tillwire' };
  const scripts = { 'after-install': 'postinst', 'before-remove': 'prerm', 'after-remove': 'postrm' };
  for (const [ours, theirs] of Object.entries(scripts)) {
    const script = readFileSync(join(import.meta.dirname, `../../build/install/deb/${ours}.sh`), 'utf8');
    const filled = script.replaceAll(/\$\{([a-zA-Z]+)\}/g, (_all, name: string) => names[name] ?? '');
    writeFileSync(join(tree, 'DEBIAN', theirs), filled, { mode: 0o755 });
  }
  const control = `Package: tillwire\nVersion: ${version}\nArchitecture: all\nMaintainer: x\nDescription: x\n`;
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  const built = spawnSync(DPKG, ['-Znone', '--root-owner-group', '--build', tree, path], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`dpkg-deb: ${built.stderr}`);
}
