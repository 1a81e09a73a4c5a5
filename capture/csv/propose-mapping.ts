// Receipts, movements or counts; and the columns that the mapping of such a file needs.
import type { NumberStyle } from './numbers.ts';
import { kindNamed, nameScores, type Role } from './propose-names.ts';
import type { Told } from './propose-receipts.ts';
import { productOf, type Roles, type Times } from './propose-roles.ts';
import type { When } from './propose-settings.ts';
import type { Profile } from './propose-values.ts';
import { ImportStopped } from './source.ts';

export type Documents = 'receipts' | 'movements' | 'counts';

const SHARED: Role[] = ['sku', 'gtin', 'description', 'till', 'store'];
export const NEEDED_ROLES: Record<Documents, ReadonlySet<Role>> = {
  receipts: new Set<Role>([...SHARED, 'receipt', 'quantity', 'unitPrice', 'amount', 'customer', 'operator', 'order']),
  movements: new Set<Role>([
    ...SHARED,
    ...([
      'document',
      'receipt',
      'quantity',
      'expected',
      'kind',
      'reason',
      'counterparty',
      'order',
      'transfer',
    ] as const),
  ]),
  counts: new Set<Role>([...SHARED, 'sheet', 'document', 'counted', 'quantity', 'counter', 'reason']),
};

/** By the names of columns, and by words for kinds of movements in one of them. */
export function documentsOf(
  profiles: Profile[],
  times: Times,
): { value: Documents; sure: Told['sure']; why: string; ask?: string } {
  const named = (role: Role, score = 9): Profile | undefined =>
    profiles.find(({ name, index }) => !times.has(index) && (nameScores(name).get(role) ?? 0) >= score);
  const receipt = named('receipt', 10);
  const priced = named('unitPrice') ?? named('amount');
  const counted = named('counted') ?? named('sheet');
  if (counted !== undefined && receipt === undefined && priced === undefined) {
    return {
      value: 'counts',
      sure: 'likely',
      why: `the column ${counted.name} is about counting, and nothing has a price`,
    };
  }
  const kinds = named('kind');
  const words = kinds === undefined ? [] : [...kinds.values.keys()].filter((value) => kindNamed(value) !== null);
  if (kinds !== undefined && words.length > 0 && words.length >= kinds.values.size / 2) {
    return {
      value: 'movements',
      sure: 'likely',
      why: `the column ${kinds.name} names kinds of movements: ${words.slice(0, 4).join(', ')}`,
    };
  }
  const told = (['expected', 'transfer', 'counterparty', 'order', 'kind', 'reason'] as const).filter((role) =>
    named(role),
  );
  if (told.length >= 2 && priced === undefined && receipt === named('document')) {
    const names = told.map((role) => named(role)?.name).join(' and ');
    return {
      value: 'movements',
      sure: 'likely',
      why: `the columns ${names} are about deliveries, and nothing has a price`,
    };
  }
  const moved = named('expected') ?? named('transfer') ?? named('document', 10) ?? named('counterparty');
  if (moved !== undefined && priced === undefined && (receipt === undefined || receipt === moved)) {
    return {
      value: 'movements',
      sure: 'likely',
      why: `the column ${moved.name} is about deliveries, and nothing has a price`,
    };
  }
  if (receipt !== undefined || priced !== undefined) {
    return { value: 'receipts', sure: 'sure', why: `the column ${(receipt ?? priced)?.name} is about sales` };
  }
  return {
    value: 'receipts',
    sure: 'guess',
    why: 'nothing in the file says what it holds',
    ask: 'Does the file hold receipts? If it holds deliveries, transfers or corrections set documents to "movements", if counts to "counts".',
  };
}

type Look = {
  profiles: Profile[];
  roles: Roles;
  when: When;
  documents: Documents;
  rows: string[][];
  style: NumberStyle;
};

export type Mapped = {
  columns: Record<string, string>;
  told: Told[];
  number: string | null;
  documentNumber: string | undefined;
};

/** Throws ImportStopped where a column that is needed cannot be found. */
export function mappedColumns({ profiles, roles, when, documents, rows, style }: Look): Mapped {
  const columns: Record<string, string> = {};
  const told: Told[] = [];
  const put = (setting: string, profile: Profile, sure: Told['sure'], why: string): void => {
    columns[setting] = profile.name;
    told.push({ setting: `columns.${setting}`, value: profile.name, sure, why });
  };
  const take = (setting: string, ...from: Role[]): boolean => {
    const found = from.flatMap((role) => roles.get(role) ?? [])[0];
    if (found !== undefined) put(setting, found.profile, found.sure, found.why);
    return found !== undefined;
  };
  const number =
    documents === 'receipts'
      ? take('receipt', 'receipt', 'order')
      : documents === 'movements'
        ? take('document', 'document', 'receipt', 'transfer', 'order')
        : take('document', 'sheet', 'document');
  if (!take('sku', 'sku') && take('sku', 'gtin')) {
    roles.delete('gtin');
  }
  const quantity = documents === 'counts' ? take('quantity', 'counted', 'quantity') : take('quantity', 'quantity');
  if (documents === 'receipts') {
    take('unitPrice', 'unitPrice');
    take('amount', 'amount');
    byProduct({ profiles, roles, rows, style, columns, put });
  }
  Object.assign(columns, when.columns);
  for (const role of ['gtin', 'description'] as const) take(role, role);
  const own: Record<Documents, Role[]> = {
    receipts: ['customer', 'operator'],
    movements: ['expected', 'reason', 'counterparty', 'order', 'transfer'],
    counts: ['counter', 'reason'],
  };
  for (const role of own[documents])
    if (!Object.values(columns).includes(roles.get(role)?.profile.name ?? '\0')) take(role, role);
  const missing = [
    ...(number || documents !== 'receipts' ? [] : ['the receipt number']),
    ...(columns['sku'] === undefined ? ['the article'] : []),
    ...(quantity || columns['quantity'] !== undefined ? [] : ['the quantity']),
    ...(columns['time'] === undefined ? ['the time'] : []),
  ];
  if (missing.length > 0) {
    const names = profiles
      .slice(0, 30)
      .map(({ name, values }) => `${name} (${[...values.keys()][0]?.slice(0, 30) ?? 'empty'})`);
    throw new ImportStopped(
      'bad-file',
      `No column can be told to be ${missing.join(', ')}. The columns are ${names.join(', ')}. Write the mapping by hand: docs/csv-mapping.md.`,
    );
  }
  if (number)
    return { columns, told, number: columns['receipt'] ?? columns['document'] ?? null, documentNumber: undefined };
  return { columns, told, number: null, documentNumber: documents === 'counts' ? 'COUNT' : 'FILE' };
}

type ByProduct = Omit<Look, 'when' | 'documents'> & {
  columns: Record<string, string>;
  put: (setting: string, profile: Profile, sure: Told['sure'], why: string) => void;
};

/** Without names: the column that is quantity times price in each row gives all three away. */
function byProduct({ profiles, roles, rows, style, columns, put }: ByProduct): void {
  if (columns['unitPrice'] !== undefined || columns['amount'] !== undefined) return;
  const keep = ['receipt', 'sku', 'gtin', 'till', 'customer'] as const;
  const taken = new Set(keep.flatMap((role) => roles.get(role)?.profile.index ?? []));
  const product = productOf(profiles, rows, style, taken);
  if (product === null) return;
  const why = 'in each row the amount is quantity times price';
  for (const [nth, setting] of (['quantity', 'unitPrice', 'amount'] as const).entries()) {
    const profile = profiles[product[nth] ?? -1];
    if (profile === undefined || (setting === 'quantity' && columns['quantity'] === profile.name)) continue;
    put(setting, profile, 'likely', why);
  }
}
