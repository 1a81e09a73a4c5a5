// tillwire config sign, approve, publish: two people put their keys under a configuration, and central gets it.
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import type { Compiled } from '../../core/configuration/compile.ts';
import type { RolloutPlan } from '../../protocol/configuration/plan.ts';
import { compileSource } from '../../protocol/configuration/source.ts';
import { RolloutRow } from '../../protocol/hq/rollouts.ts';
import { differenceLines, differences } from '../configuration-files/differences.ts';
import { countRings, planAt, refuseUnknown } from '../configuration-files/plan-file.ts';
import {
  isAbout,
  readSigned,
  type SignedFile,
  signedBy,
  signedFileOf,
  withSignature,
  writeSigned,
} from '../configuration-files/signed-file.ts';
import { sourceAt } from '../configuration-files/source-file.ts';
import { UsageError } from '../usage-error.ts';
import { sourceNamed } from './config-diff.ts';
import { type KeyOptions, signerOf, withKey } from './config-keys.ts';
import { localTime, pathFromCaller, printJson, printTable } from './options.ts';
import { headline, printRings } from './rollout.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

export const signCommand = (): Command =>
  withKey(new Command('sign'))
    .description('Signs a configuration, off line if wanted: writes NAME.signed.json beside NAME.json.')
    .argument('<file>', 'the configuration', pathFromCaller)
    .action(sign);

async function sign(path: string, options: KeyOptions): Promise<void> {
  const { compiled } = compiledAt(path);
  const place = signedFileOf(path);
  const before = readSigned(place);
  const signer = await signerOf(options);
  if (before !== null && !isAbout(before, compiled) && before.envelope.revision === compiled.source.revision) {
    console.log(`${path} has changed since it was signed: signatures under what it was are taken away.`);
  }
  writeSigned(place, signedBy(signer, compiled, before, Date.now()));
  describe(compiled);
  console.log(`Signed with ${signer.keyId}: ${place}. Next: tillwire config approve ${path} --key KEY`);
}

export const approveCommand = (): Command =>
  withCentral(withKey(new Command('approve')))
    .description('Shows what was signed, checks that the configuration is still that, and adds your signature.')
    .argument('<file>', 'the configuration', pathFromCaller)
    .option('--against <what>', 'shows what changes against this file, or the number of a published revision')
    .option('--yes', 'asks nothing')
    .action(approve);

type Approve = KeyOptions & CentralOptions & { against?: string; yes?: boolean };

async function approve(path: string, { against, ...options }: Approve): Promise<void> {
  const { compiled, file } = signedAt(path);
  const { signatures } = file.signed;
  describe(compiled);
  console.log(
    `  signed     ${localTime(file.envelope.issuedMs)} with ${signatures.map((one) => one.keyId).join(', ')}`,
  );
  if (against !== undefined) {
    const before = await sourceNamed(against, options);
    const lines = differenceLines(differences(before, sourceAt(path, null).source));
    console.log(lines.length === 0 ? 'No store changes.' : lines.join('\n'));
  }
  const signer = await signerOf(options);
  if (signatures.some(({ keyId }) => keyId === signer.keyId)) {
    throw new UsageError(
      `The key ${signer.keyId} has signed it already: another person approves it, with another key.`,
    );
  }
  if (options.yes !== true && process.stdin.isTTY && !(await agreed())) return;
  writeSigned(signedFileOf(path), withSignature(file.signed, signer));
  console.log(`Approved with ${signer.keyId}. Next: tillwire config publish ${path} --rings PLAN`);
}

async function agreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Approve this? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

export const publishCommand = (): Command =>
  withCentral(new Command('publish'))
    .description('Gives a signed and approved configuration to central, which releases it ring after ring.')
    .argument('<file>', 'the configuration', pathFromCaller)
    .requiredOption('--rings <file>', 'which stores get it when (docs/configuration.md)', pathFromCaller)
    .option('--json', 'JSON on standard output')
    .action(publish);

type Publish = CentralOptions & { rings: string; json?: boolean };

async function publish(path: string, { rings, json, ...options }: Publish): Promise<void> {
  const plan = planAt(rings);
  const { compiled, text, file } = signedAt(path);
  refuseUnknown(plan, compiled.source);
  const client = openCentral(options);
  if (json !== true) {
    describe(compiled);
    printPlan(plan, compiled);
  }
  const body = { source: text, signed: file.signed, plan };
  const row = await client.post('/configuration/revisions', body, `configuration-${compiled.root}`, RolloutRow);
  // It was published before, and did not last: that is told as what it is.
  if (row.state === 'aborted' || row.state === 'stopped') process.exitCode = 1;
  if (json === true) return printJson(row);
  console.log(`\n${headline(row)}`);
  printRings(row.rings);
  console.log(`Follow it: tillwire rollout status ${row.id}`);
}

function printPlan(plan: RolloutPlan, { source }: Compiled): void {
  const counted = countRings(plan, source);
  const rows = plan.rings.map((ring, at) => [
    ...[ring.name, ring.stores, String(counted.rings[at] ?? 0)],
    ...[`${ring.successPercent} %`, `${ring.failurePercent} %`, `${ring.soakMinutes} min`],
  ]);
  console.log('');
  printTable([['ring', 'which', 'named stores', 'next at', 'stop above', 'then waits'], ...rows]);
  if (counted.none > 0) console.log(`${counted.none} stores that it names are in no ring: they do not get it.`);
}

/** What it is, before anybody signs or publishes it. */
function describe({ source, documents, root }: Compiled): void {
  console.log(`Revision ${source.revision} "${source.title}"`);
  console.log(`  stores     ${documents - 1} by name, and one configuration for all others`);
  console.log(`  expires    ${source.expires}`);
  console.log(`  documents  ${root}`);
}

/** Checked as for people, and made into what is signed as everybody makes it. */
function compiledAt(path: string): { compiled: Compiled; text: string } {
  const { text } = sourceAt(path, Date.now());
  const made = compileSource(text);
  if (made.ok) return { compiled: made.compiled, text };
  const problems = made.problems.map((one) => `${one.path}: ${one.message}`);
  throw new UsageError([`${path} is not right:`, ...problems].join('\n  '));
}

/** Throws UsageError where nothing was signed, or where what was signed is not what the file says now. */
function signedAt(path: string): { compiled: Compiled; text: string; file: SignedFile } {
  const { compiled, text } = compiledAt(path);
  const file = readSigned(signedFileOf(path));
  if (file === null) throw new UsageError(`${path} is not signed: first "tillwire config sign ${path} --key KEY".`);
  if (isAbout(file, compiled)) return { compiled, text, file };
  throw new UsageError(
    `${path} is not what was signed (revision ${file.envelope.revision} "${file.envelope.title}"): ` +
      'take the change back, or sign it anew.',
  );
}
