// tillwire safe-to-wipe: whether a PC may be wiped, with reasons and a certificate to keep; and checks one.
import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { CERTIFICATE_BYTES_MAX } from '../../core/limits/this-pc.ts';
import type { WipeReason } from '../../protocol/local/rooms/pc.ts';
import { verifyCertificate, WipeCertificate } from '../../protocol/wipe-certificate.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { openDeviceKey, writePrivateFile } from '../data-folder.ts';
import { makeCertificate, readWipe } from '../this-pc/safe-to-wipe.ts';
import { UsageError } from '../usage-error.ts';
import { localTime, pathFromCaller, printJson } from './options.ts';

const EXIT_NO = 1;

type Options = { data?: string; save?: string; verify?: string; centralKey?: string; json?: boolean };

export const safeToWipeCommand = (): Command =>
  new Command('safe-to-wipe')
    .description(
      'Whether this PC may be wiped: everything confirmed by central and nothing left behind. Exit code 1: no.',
    )
    .option('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--save <file>', 'where it is safe: write a certificate, signed by this PC', pathFromCaller)
    .option('--verify <file>', 'check such a certificate instead, on any computer', pathFromCaller)
    .option('--central-key <hex>', "central's public key, 64 hex digits; else the one that the certificate names")
    .option('--json', 'JSON on standard output')
    .action((options: Options) => {
      if ((options.data === undefined) === (options.verify === undefined))
        throw new UsageError('Name either --data FOLDER, or a certificate with --verify FILE.');
      if (options.verify !== undefined) verify(options.verify, options);
      else if (options.data !== undefined) ask(options.data, options);
    });

/** Reasons in words, of people who look after PCs. */
export const WIPE_REASONS_TOLD: Record<WipeReason['code'], (count: number) => string> = {
  waiting: (count) => `${count} entries are not confirmed by central yet: let the agent run with a line.`,
  'set-aside': (count) => `${count} documents could not be placed: drive them in again ("tillwire set-aside").`,
  drafts: (count) => `${count} count sheets or deliveries were begun and not handed in: finish or drop them.`,
  files: (count) => `${count} files in the drop folder were not taken in: let the agent take them, or move them away.`,
  trial: () => 'Central keeps its ledger only for a trial: it may lose what it has confirmed.',
  'no-word': () => 'Central’s signed word for the entries is not kept here: let the agent run with a line once more.',
};

function ask(data: string, { save, json }: Options): void {
  const wipe = readWipe(data);
  const { store, safe, reasons } = wipe;
  if (safe && save !== undefined) {
    const certificate = makeCertificate(wipe, openSigner(openDeviceKey(data)), Date.now());
    writePrivateFile(save, `${JSON.stringify(certificate, null, 2)}\n`);
  }
  if (json === true) printJson({ store, safe, reasons, certificate: safe ? (save ?? null) : null });
  else if (safe) console.log(`Store ${store}: yes, this PC may be wiped.${save === undefined ? '' : ` ${save}`}`);
  else {
    const lines = reasons.map(({ code, count }) => `  ${WIPE_REASONS_TOLD[code](count)}`);
    console.log([`Store ${store}: no, this PC must not be wiped.`, ...lines].join('\n'));
  }
  if (!safe) process.exitCode = EXIT_NO;
}

function verify(path: string, { centralKey = null, json }: { centralKey?: string | null; json?: boolean }): void {
  if (centralKey !== null && !/^[0-9a-f]{64}$/.test(centralKey))
    throw new UsageError("--central-key is central's public key: 64 hex digits in lower case.");
  const certificate = readCertificate(path);
  const { problems, remarks } = verifyCertificate(certificate, centralKey);
  const genuine = problems.length === 0;
  const { store, at, program } = certificate;
  if (json === true) printJson({ store, at, program, genuine, problems, remarks });
  else {
    const verdict = genuine
      ? `It holds: store ${store} was safe to wipe at ${localTime(at)}.`
      : `It does not hold for store ${store}:`;
    console.log([verdict, ...[...problems, ...remarks].map((line) => `  ${line}`)].join('\n'));
  }
  if (!genuine) process.exitCode = EXIT_NO;
}

function readCertificate(path: string): WipeCertificate {
  if (statSync(path).size > CERTIFICATE_BYTES_MAX) throw new UsageError(`${path} is too large for a certificate.`);
  try {
    return WipeCertificate.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new UsageError(`${path} is not a safe-to-wipe certificate.`);
  }
}
