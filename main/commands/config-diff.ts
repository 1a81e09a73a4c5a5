// tillwire config diff: what another configuration changes, and in which stores.
import { Command } from 'commander';
import { ConfigurationSource } from '../../protocol/configuration/document.ts';
import { RevisionDetail } from '../../protocol/hq/configuration.ts';
import { differenceLines, differences } from '../configuration-files/differences.ts';
import { parseText } from '../configuration-files/read-file.ts';
import { sourceAt } from '../configuration-files/source-file.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller, printJson } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

export const diffCommand = (): Command =>
  withCentral(new Command('diff'))
    .description('What the second changes against the first, and in which stores.')
    .argument('<a>', 'a file, or the number of a published revision')
    .argument('<b>', 'likewise')
    .option('--json', 'JSON on standard output')
    .action(diff);

async function diff(a: string, b: string, options: CentralOptions & { json?: boolean }): Promise<void> {
  const from = await sourceNamed(a, options);
  const to = await sourceNamed(b, options);
  const found = differences(from, to);
  if (options.json === true) return printJson({ from: from.revision, to: to.revision, ...found });
  console.log(`From ${title(from)} to ${title(to)}:`);
  const lines = differenceLines(found);
  console.log(lines.length === 0 ? 'No store changes.' : lines.join('\n'));
}

const title = ({ revision, title: words }: ConfigurationSource): string => `revision ${revision} "${words}"`;

/** By the name of a file, or by the number of a published revision. */
export async function sourceNamed(named: string, options: CentralOptions): Promise<ConfigurationSource> {
  if (!/^[1-9]\d{0,15}$/.test(named)) return sourceAt(pathFromCaller(named), null).source;
  const { source } = await openCentral(options).get(`/configuration/revisions/${named}`, {}, RevisionDetail);
  const read = parseText(source);
  const checked = ConfigurationSource.safeParse('value' in read ? read.value : null);
  if (checked.success) return checked.data;
  throw new UsageError(`Revision ${named} is of another version of this program.`);
}
