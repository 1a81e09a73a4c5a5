// tillwire lan: whether tills on the store's network are let in, and what they need to trust this PC.
import { Command, InvalidArgumentError } from 'commander';
import { certificateFile, keptCertificate } from '../lan-certificate.ts';
import { lanNames, lanUrls } from '../lan-names.ts';
import { isHostName, type LanSettings, readLan, writeLan } from '../lan-settings.ts';
import { type LanAddress, lanAddress, localTime, pathFromCaller, printJson } from './options.ts';

type Options = { data: string; json?: boolean; listen?: LanAddress; name?: string[] };

export const lanCommand = (): Command =>
  new Command('lan')
    .description('The door for tills on the store’s network: TLS only, with tokens of their own ("till add").')
    .addCommand(
      command('enable', 'Opens it, now where the agent runs, else at its next start.')
        .option(
          '--listen <address:port>',
          'address of this PC and port; every address and 8443 unless told',
          lanAddress,
        )
        .option('--name <name>', 'another name by which tills call this PC; may be given several times', name)
        .action((options: Options) => {
          const names = options.name === undefined ? {} : { names: options.name };
          show(options, writeLan(options.data, { ...options.listen, ...names, on: true }));
        }),
    )
    .addCommand(
      command('disable', 'Closes it; its certificate and the tokens of tills stay.').action((options: Options) =>
        show(options, writeLan(options.data, { on: false })),
      ),
    )
    .addCommand(
      command('show', 'Where it is, and the fingerprint of its certificate.').action((options: Options) =>
        show(options, readLan(options.data)),
      ),
    );

const command = (word: string, description: string): Command =>
  new Command(word)
    .description(description)
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output');

function name(text: string, before: string[] = []): string[] {
  if (isHostName(text.toLowerCase())) return [...before, text.toLowerCase()];
  throw new InvalidArgumentError('Write a host name, for example backoffice.shop.local.');
}

function show({ data, json }: Options, settings: LanSettings): void {
  const kept = keptCertificate(data);
  const { fingerprint = null, pin = null, endsMs = null } = kept ?? {};
  const file = kept === null ? null : certificateFile(data);
  const urls = settings.on ? lanUrls(lanNames(settings), settings.port) : [];
  if (json === true) {
    printJson({ ...settings, urls, certificate: { file, fingerprint, pin, endsMs } });
    return;
  }
  const lines = settings.on
    ? ['Tills on the store’s network are let in, at', ...urls.map((url) => `  ${url}`)]
    : ['Tills on the store’s network are not let in: "tillwire lan enable" opens the door.'];
  const certificate =
    kept === null
      ? ['The certificate is made when the agent first opens the door.']
      : [
          `Certificate        ${file}, until ${localTime(endsMs)}; it is renewed by itself under the same key`,
          `SHA-256            ${fingerprint}`,
          `Public key SHA-256 ${pin} (curl --pinnedpubkey sha256//...)`,
        ];
  console.log([...lines, ...certificate].join('\n'));
}
