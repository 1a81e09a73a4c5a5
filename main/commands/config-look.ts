// tillwire config validate and effective: what a configuration says, before and after it is published.
import { Command } from 'commander';
import { isPlainObject } from '../../core/configuration/layers.ts';
import { CONFIGURATION_SOURCE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { EffectiveConfiguration } from '../../protocol/hq/configuration.ts';
import { effectiveOfFile, effectiveTable } from '../configuration-files/effective-table.ts';
import { checkPlan } from '../configuration-files/plan-file.ts';
import { type Problem, problemLine } from '../configuration-files/problems.ts';
import { parseText, readText } from '../configuration-files/read-file.ts';
import { checkSource, sourceAt } from '../configuration-files/source-file.ts';
import { pathFromCaller, printJson, printTable, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const EXIT_WRONG = 1;

export const validateCommand = (): Command =>
  new Command('validate')
    .description('Names each field that is wrong, what is wrong with it and what is allowed. Exit code 1 then.')
    .argument('<file>', 'a configuration, or a plan of rings', pathFromCaller)
    .option('--json', 'JSON on standard output')
    .action(validate);

function validate(path: string, { json }: { json?: boolean }): void {
  const { problems, right } = looked(readText(path, CONFIGURATION_SOURCE_BYTES_MAX));
  if (json === true) printJson({ file: path, ok: problems.length === 0, problems });
  else if (problems.length === 0) console.log(`${path} is right: ${right}.`);
  else console.log([`${path}: ${counted(problems)}`, ...problems.map(problemLine)].join('\n  '));
  if (problems.length > 0) process.exitCode = EXIT_WRONG;
}

function looked(text: string): { problems: Problem[]; right: string } {
  const read = parseText(text);
  if ('value' in read && isPlainObject(read.value) && Array.isArray(read.value['rings'])) {
    const checked = checkPlan(text);
    if ('problems' in checked) return { problems: checked.problems, right: '' };
    return { problems: [], right: `a plan of ${checked.plan.rings.length} rings` };
  }
  const checked = checkSource(text, Date.now());
  if ('problems' in checked) return { problems: checked.problems, right: '' };
  const { revision, title, stores } = checked.source;
  return { problems: [], right: `revision ${revision} "${title}", ${Object.keys(stores).length} stores by name` };
}

const counted = ({ length }: Problem[]): string => (length === 1 ? '1 problem' : `${length} problems`);

export const effectiveCommand = (): Command =>
  withCentral(new Command('effective'))
    .description('What holds for a store and which layer each value comes from: by a file, or as it is at the store.')
    .argument('[file]', 'a configuration; without it central is asked', pathFromCaller)
    .requiredOption('--store <id>', 'the store', storeId)
    .option('--json', 'JSON on standard output')
    .action(effective);

type Effective = CentralOptions & { store: string; json?: boolean };

async function effective(path: string | undefined, { store, json, ...options }: Effective): Promise<void> {
  if (path === undefined) return effectiveAtCentral(store, json, options);
  const told = effectiveOfFile(sourceAt(path, null).source, store);
  if (json === true) return printJson(told);
  const { revision, isNamed, configuration, origins } = told;
  console.log(
    `${store} by revision ${revision}${isNamed ? '' : ' (it is not named there, and has what the chain says)'}`,
  );
  printTable(effectiveTable(configuration, origins));
}

async function effectiveAtCentral(store: string, json: boolean | undefined, options: CentralOptions): Promise<void> {
  const told = await openCentral(options).get('/configuration/effective', { store }, EffectiveConfiguration);
  if (json === true) return printJson(told);
  const { revision, desired, configuration, origins, standing, why } = told;
  if (revision === null) {
    const released = desired === null ? 'nothing was released to it' : `revision ${desired} was released to it`;
    return console.log(`${store} has no configuration in force; ${released}. ${why}`.trimEnd());
  }
  const said =
    standing === null
      ? 'it has not said how it stands'
      : `in force there: ${standing.applied ?? 'none'} (${standing.state})`;
  console.log(`${store} by revision ${revision}; released to it: ${desired ?? 'none'}; ${said}. ${why}`.trimEnd());
  printTable(effectiveTable(configuration, origins));
}
