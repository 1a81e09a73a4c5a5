// tillwire catalogue: products, prices and who decides on them, at central.
import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type AttributeValue, nameOfParty, type Party } from '../../core/catalogue.ts';
import { priceInWords, readValue } from '../../core/catalogue-values.ts';
import { AttributeName } from '../../protocol/catalogue.ts';
import {
  EntryAnswer,
  Owner,
  OwnerRow,
  ProductPage,
  ProposalPage,
  type ProposalRow,
} from '../../protocol/hq/catalogue.ts';
import type { CentralClient } from '../central-client.ts';
import { UsageError } from '../usage-error.ts';
import { catalogueImportCommand } from './catalogue-import.ts';
import { localTime, printJson, printTable, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Json = { json?: boolean };

export const catalogueCommand = (): Command =>
  new Command('catalogue')
    .description('Products, prices and who decides on them.')
    .addCommand(catalogueImportCommand())
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(ownerCommand())
    .addCommand(proposalsCommand())
    .addCommand(answerCommand());

const json = (command: Command): Command => command.option('--json', 'JSON on standard output');

const listCommand = (): Command =>
  json(withCentral(new Command('list')))
    .description('Products by SKU.')
    .option('--search <words>', 'those in whose SKU, name or GTIN all these words stand')
    .option('--sku <sku>', 'this one, with who decides on what')
    .option('--after <sku>', 'go on behind this one')
    .option('--limit <number>', 'at most so many', Number, 50)
    .action(list);

type List = CentralOptions & Json & { search?: string; sku?: string; after?: string; limit: number };

async function list(options: List): Promise<void> {
  const { search, sku, after, limit } = options;
  const page = await openCentral(options).get('/catalogue/products', { search, sku, after, limit }, ProductPage);
  if (options.json === true) return printJson(page);
  const [only] = page.rows;
  if (sku !== undefined && only !== undefined) {
    const rows = Object.entries(only.attributes).map(([name, { value, owner, version }]) => {
      return [name, shown(name, value), nameOfParty(owner), String(version)];
    });
    return printTable([[sku, 'now', 'decided by', 'change'], ...rows]);
  }
  const rows = page.rows.map(({ sku: code, attributes }) => {
    const prices = Object.entries(attributes).filter(([name]) => name.startsWith('price/'));
    const told = prices.map(([name, { value }]) => shown(name, value)).join(', ');
    return [
      code,
      shown('name', attributes['name']?.value ?? null),
      shown('gtin', attributes['gtin']?.value ?? null),
      told,
    ];
  });
  printTable([['sku', 'name', 'gtin', 'price'], ...rows]);
  console.log(`${page.rows.length} of ${page.products} products, version ${page.version}.`);
  if (page.next !== null) console.log(`More: --after ${page.next}`);
}

const setCommand = (): Command =>
  json(withCentral(new Command('set')))
    .description('Changes an attribute of a product. Where another party owns it, it is proposed to it.')
    .argument('<sku>', 'the product; one that is not there is made')
    .argument('<attribute>', 'for example name or price/EUR', attributeName)
    .argument('[value]', 'what it is from now on; a price in units: 1.99')
    .option('--take-away', 'there is no value any more')
    .action(set);

async function set(
  sku: string,
  attribute: string,
  text: string | undefined,
  options: CentralOptions & Json & { takeAway?: boolean },
): Promise<void> {
  if ((text === undefined) !== (options.takeAway === true)) throw new UsageError('write a value, or --take-away.');
  const value = text === undefined ? null : typedValue(attribute, text);
  const client = openCentral(options);
  const { rows } = await client.get('/catalogue/products', { sku }, ProductPage);
  const basedOn = rows[0]?.attributes[attribute]?.version ?? 0;
  await ask(client, '/catalogue/edits', { sku, attribute, value, basedOn }, options);
}

function typedValue(attribute: string, text: string): AttributeValue {
  const read = readValue(attribute, text);
  if ('value' in read) return read.value;
  throw new UsageError(`${attribute}: ${read.problem}.`);
}

/** Prints what came of it; the exit code is 1 where it was not done. */
async function ask(client: CentralClient, path: string, body: object, options: Json): Promise<void> {
  const answer = await client.post(path, body, randomUUID(), EntryAnswer);
  if (options.json === true) printJson(answer);
  else console.log(answer.sentence);
  if (answer.outcome === 'stale' || answer.outcome === 'refused') process.exitCode = 1;
}

const ownerCommand = (): Command =>
  json(withCentral(new Command('owner')))
    .description('Who decides on an attribute. Without an attribute: what is not decided by head office.')
    .argument('[attribute]', 'for example price/EUR', attributeName)
    .argument('[owner]', 'head-office or store:S001', party)
    .option('--sku <sku>', 'of this product only')
    .action(async (attribute: string | undefined, owner: Party | undefined, options: OwnerOptions) => {
      const client = openCentral(options);
      if (attribute !== undefined && owner !== undefined) {
        return ask(client, '/catalogue/owners', { sku: options.sku ?? null, attribute, owner }, options);
      }
      const rows = await client.get('/catalogue/owners', {}, OwnerRow.array());
      const wanted = rows.filter((row) => attribute === undefined || row.attribute === attribute);
      if (options.json === true) return printJson(wanted);
      for (const row of wanted) console.log(`${nameOfParty(row.owner)} decides on ${row.attribute}.`);
      console.log('Head office decides on everything else, but where a product says otherwise (list --sku).');
    });

type OwnerOptions = CentralOptions & Json & { sku?: string };

const proposalsCommand = (): Command =>
  json(withCentral(new Command('proposals')))
    .description('Edits that wait for an answer of head office.')
    .option('--all', 'also those that wait for stores')
    .option('--store <id>', 'made by this store', storeId)
    .action(async (options: CentralOptions & Json & { all?: boolean; store?: string }) => {
      const owner = options.all === true ? 'anyone' : 'head-office';
      const rows = await readProposals(openCentral(options), { owner, store: options.store });
      if (options.json === true) return printJson(rows);
      if (rows.length === 0) return console.log('Nothing waits.');
      const lines = rows.map(({ id, by, owner: who, sku, name, attribute, value, now, atMs }) => [
        ...[id, nameOfParty(by), name === null ? sku : `${sku} ${name}`, attribute],
        ...[shown(attribute, now), shown(attribute, value), nameOfParty(who), localTime(atMs)],
      ]);
      printTable([['proposal', 'by', 'product', 'attribute', 'now', 'proposed', 'waits for', 'since'], ...lines]);
    });

async function readProposals(client: CentralClient, query: object): Promise<ProposalRow[]> {
  const rows: ProposalRow[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: ProposalPage = await client.get('/catalogue/proposals', { ...query, after }, ProposalPage);
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

const answerCommand = (): Command =>
  json(withCentral(new Command('answer')))
    .description('Accepts or rejects proposals.')
    .argument('<proposals...>', 'as "catalogue proposals" names them')
    .addOption(new Option('--accept', 'it becomes what is proposed').conflicts('reject'))
    .option('--reject', 'it stays as it is')
    .action(async (ids: string[], options: CentralOptions & Json & { accept?: boolean; reject?: boolean }) => {
      if (options.accept !== true && options.reject !== true) throw new UsageError('say --accept or --reject.');
      const client = openCentral(options);
      const waiting = await readProposals(client, { owner: 'anyone' });
      for (const proposal of ids) {
        const basedOn = waiting.find(({ id }) => id === proposal)?.version ?? 0;
        await ask(client, '/catalogue/answers', { proposal, accept: options.accept === true, basedOn }, options);
      }
    });

const shown = (attribute: string, value: AttributeValue): string =>
  priceInWords(attribute, value) ?? (value === null ? '' : String(value));

function attributeName(text: string): string {
  const read = AttributeName.safeParse(text);
  if (read.success) return text;
  throw new InvalidArgumentError(read.error.issues[0]?.message ?? 'Write a name.');
}

function party(text: string): Party {
  const [kind = '', id = ''] = text === 'head-office' ? ['head-office', 'head-office'] : text.split(':', 2);
  const read = Owner.safeParse({ kind, id });
  if (read.success) return read.data;
  throw new InvalidArgumentError('Write head-office or store:S001.');
}
