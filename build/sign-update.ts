// What the machine that releases runs: makes keys, signs key statements and releases, and lays them out for any HTTPS server.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { canonicalJson } from '../core/canonical.ts';
import { ARCHITECTURES, INSTALLERS, PLATFORMS, type Release } from '../core/update-release.ts';
import { KeyStatement, ReleaseStatement, type Signed, signedText, Version } from '../protocol/update.ts';
import { makePrivateKeyPem, openSigner } from '../protocol/wire/signing.ts';
import { SCHEMA_VERSION } from '../storage/migrate.ts';

const DAY_MS = 24 * 3_600_000;

/** The statement in the one spelling, with a signature by each key (PKCS #8 in PEM). */
export function signStatement(value: KeyStatement | Release, keysPem: readonly string[]): Signed {
  const statement = canonicalJson(value);
  const signers = keysPem.map(openSigner);
  return {
    statement,
    signatures: signers.map(({ keyId, sign }) => ({ keyId, signature: sign(signedText(statement)) })),
  };
}

/** What is said about one installer file. */
export function releaseOf(file: string, said: Omit<Release, 'kind' | 'name' | 'file' | 'size' | 'sha256'>): Release {
  const bytes = readFileSync(file);
  return ReleaseStatement.parse({
    ...{ kind: 'tillwire release', name: 'tillwire', ...said },
    ...{ file: basename(file), size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  });
}

/** Lays a release out under `folder`: its installer and statement for good, and the statement as the channel's newest. */
export function publish(folder: string, file: string, release: Release, signed: Signed): string[] {
  const name = `${release.platform}-${release.arch}-${release.installer}.json`;
  const kept = join(folder, 'files', release.version);
  const content = `${JSON.stringify(signed, null, 2)}\n`;
  mkdirSync(kept, { recursive: true });
  mkdirSync(join(folder, release.channel), { recursive: true });
  copyFileSync(file, join(kept, release.file));
  // The installer first: a store that reads the newest statement must find what it names.
  const places = [join(kept, name), join(folder, release.channel, name)];
  for (const place of places) writeFileSync(place, content);
  return places;
}

const many = (value: string, before: string[] = []): string[] => [...before, value];
const pem = (path: string): string => readFileSync(path, 'utf8');

function publicKeys(paths: string[] = []): string[] {
  return paths.map((path) => {
    const content = pem(path).trim();
    return /^[0-9a-f]{64}$/.test(content) ? content : openSigner(content).publicKey;
  });
}

function days(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text) * DAY_MS;
  throw new InvalidArgumentError('Write a number of days.');
}

function version(text: string): string {
  if (Version.safeParse(text).success) return text;
  throw new InvalidArgumentError('Write a version as 1.20.3.');
}

function makeKey(path: string): void {
  if (existsSync(path)) throw new Error(`${path} exists: a key is never written over.`);
  mkdirSync(dirname(path), { recursive: true });
  const key = makePrivateKeyPem();
  writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
  const { publicKey, keyId } = openSigner(key);
  writeFileSync(`${path}.pub`, `${publicKey}\n`);
  console.log(`${keyId} ${publicKey}`);
}

type KeysOptions = {
  number: string;
  root: string[];
  release: string[];
  rootThreshold: string;
  releaseThreshold: string;
  valid: number;
  sign: string[];
  out: string;
};

function signKeys(options: KeysOptions): void {
  const statement = KeyStatement.parse({
    kind: 'tillwire update keys',
    number: Number(options.number),
    root: { keys: publicKeys(options.root), threshold: Number(options.rootThreshold) },
    release: { keys: publicKeys(options.release), threshold: Number(options.releaseThreshold) },
    expiresMs: Date.now() + options.valid,
  });
  const content = `${JSON.stringify(signStatement(statement, options.sign.map(pem)), null, 2)}\n`;
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, content);
  console.log(`${options.out}: key statement ${statement.number}`);
}

type ReleaseOptions = Pick<Release, 'version' | 'platform' | 'arch' | 'installer' | 'channel' | 'from'> & {
  ring: string;
  journal: string;
  notBefore?: string;
  valid: number;
  sign: string[];
  out: string;
};

function signRelease(file: string, options: ReleaseOptions): void {
  const { version: number, platform, arch, installer, channel, from } = options;
  const notBeforeMs = options.notBefore === undefined ? Date.now() : Date.parse(options.notBefore);
  const release = releaseOf(file, {
    ...{ version: number, platform, arch, installer, channel, from },
    ...{ ring: Number(options.ring), journal: Number(options.journal) },
    ...{ notBeforeMs, expiresMs: notBeforeMs + options.valid },
  });
  const places = publish(options.out, file, release, signStatement(release, options.sign.map(pem)));
  console.log([`${release.version} ${release.sha256} ${release.size} bytes`, ...places].join('\n'));
}

const program = new Command('sign-update').description('Signs what stores install. Keys stay on this machine.');
program
  .command('key')
  .description('Makes an Ed25519 key; FILE.pub is its public half')
  .argument('<file>')
  .action(makeKey);
program
  .command('keys')
  .description('Signs a key statement: number 1 comes with the installation, later ones lie in keys/ of the address')
  .requiredOption('--number <n>', 'one more than the present statement')
  .requiredOption('--root <file>', 'a root key or its .pub; may be given several times', many)
  .requiredOption('--release <file>', 'a release key or its .pub; may be given several times', many)
  .option('--root-threshold <n>', 'root keys that must sign', '1')
  .option('--release-threshold <n>', 'release keys that must sign', '1')
  .option('--valid <days>', 'days until it expires', days, 3_650 * DAY_MS)
  .requiredOption(
    '--sign <file>',
    'root keys of this statement and of the one before; may be given several times',
    many,
  )
  .requiredOption('--out <file>', 'for example releases/keys/2.json')
  .action(signKeys);
program
  .command('release')
  .description('Signs one installer and lays it out')
  .argument('<file>', 'the installer')
  .requiredOption('--version <version>', 'its version', version)
  .addOption(new Option('--platform <name>').choices([...PLATFORMS]).makeOptionMandatory())
  .addOption(new Option('--arch <name>').choices([...ARCHITECTURES]).default('x64'))
  .addOption(new Option('--installer <kind>').choices([...INSTALLERS]).makeOptionMandatory())
  .option('--channel <name>', 'the line of releases', 'stable')
  .option('--ring <n>', 'reaches the rings from 0 up to this one', '0')
  .option('--from <version>', 'least version that may become this one', version, '0.0.0')
  .option('--journal <n>', "version of the journal's schema", String(SCHEMA_VERSION))
  .option('--not-before <time>', 'ISO time; now unless told')
  .option('--valid <days>', 'days until it expires', days, 90 * DAY_MS)
  .requiredOption('--sign <file>', 'release keys; may be given several times', many)
  .requiredOption('--out <folder>', 'the folder that is served')
  .action(signRelease);

if (import.meta.main) await program.parseAsync();
