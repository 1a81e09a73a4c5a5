// The settings of a proposal that no single column tells: times, till, currency, and what movements and counts need.
import type { Documents } from './propose-mapping.ts';
import { nameScores } from './propose-names.ts';
import { kindsOf, type SampleRow, type Told } from './propose-receipts.ts';
import type { Roles, Times } from './propose-roles.ts';
import type { Profile } from './propose-values.ts';
import { ImportStopped } from './source.ts';

export type When = { columns: { time: string; date?: string; begun?: string }; format: string; told: Told[] };

/** Where the month comes first when nobody says. */
export const isMonthFirst = (timeZone: string): boolean =>
  /^(US\/|America\/(New_York|Detroit|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Boise|Indiana|Kentucky|North_Dakota))|^Pacific\/Honolulu/.test(
    timeZone,
  );

/** One column with date and time, or two, or a date alone. Throws ImportStopped where there is none. */
export function timeColumns(profiles: Profile[], times: Times, documents: Documents): When {
  const named = (role: 'time' | 'businessDate' | 'begun', { name }: Profile): number => nameScores(name).get(role) ?? 0;
  const ranked = (holds: 'both' | 'date' | 'time'): Profile[] =>
    profiles
      .filter((profile) => !profile.nameless && times.get(profile.index)?.holds === holds)
      .sort((a, b) => named('time', b) - named('time', a) || a.index - b.index);
  const begun = documents === 'counts' ? ranked('both').find((profile) => named('begun', profile) >= 9) : undefined;
  const [both] = ranked('both').filter((profile) => profile !== begun);
  const [date] = ranked('date');
  const [time] = ranked('time');
  const asks = (profile: Profile): Pick<Told, 'sure' | 'why' | 'ask'> => {
    const { sure = 'guess', why = '', ask } = times.get(profile.index) ?? {};
    return { sure, why, ask: ask ?? undefined };
  };
  if (both !== undefined) {
    const format = times.get(both.index)?.format ?? 'iso';
    const columns = {
      time: both.name,
      ...(begun === undefined || times.get(begun.index)?.format !== format ? {} : { begun: begun.name }),
    };
    return {
      columns,
      format,
      told: [
        { setting: 'columns.time', value: both.name, sure: 'sure', why: 'its values are dates with a time of day' },
        { setting: 'timeFormat', value: format, ...asks(both) },
      ],
    };
  }
  if (date === undefined) {
    throw new ImportStopped(
      'bad-file',
      'No column holds dates: a mapping needs the time of each receipt. Let the till export it, or write the mapping by hand: docs/csv-mapping.md.',
    );
  }
  const day = times.get(date.index)?.format ?? 'iso';
  if (time === undefined) return dateAlone(date, day, asks(date));
  const clock = times.get(time.index)?.format ?? 'HH:mm';
  const format = day === 'iso' ? `yyyy-MM-dd ${clock}` : `${day} ${clock}`;
  return {
    columns: { time: time.name, date: date.name },
    format,
    told: [
      { setting: 'columns.date', value: date.name, sure: 'sure', why: 'its values are dates' },
      { setting: 'columns.time', value: time.name, sure: 'sure', why: 'its values are times of day' },
      { setting: 'timeFormat', value: format, ...asks(date) },
    ],
  };
}

function dateAlone({ name }: Profile, format: string, told: Pick<Told, 'sure' | 'why' | 'ask'>): When {
  const ask = 'The file has no time of day: everything is taken as of midnight. Is there another export with the time?';
  const why = 'its values are dates, and no column holds a time of day';
  return {
    columns: { time: name },
    format,
    told: [
      { setting: 'columns.time', value: name, sure: 'likely', why, ask },
      { setting: 'timeFormat', value: format, ...told },
    ],
  };
}

type Till = { till: { column: string } | { constant: string }; told: Told[] };

export function tillOf(roles: Roles): Till {
  const found = roles.get('till');
  if (found !== undefined) {
    const { name } = found.profile;
    return { till: { column: name }, told: [{ setting: 'till', value: name, sure: found.sure, why: found.why }] };
  }
  const ask =
    'No column names the till: all is taken as of till "1". If several tills write such files, give each its own folder and mapping with its own constant.';
  return {
    till: { constant: '1' },
    told: [{ setting: 'till', value: 'constant 1', sure: 'guess', why: 'no column names a till', ask }],
  };
}

const SIGNS: Record<string, string> = { '€': 'EUR', '£': 'GBP', '¥': 'JPY' };
const BY_ZONE: [RegExp, string][] = [
  [/^Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)/, 'GBP'],
  [/^Europe\/Zurich/, 'CHF'],
  [/^Europe\/Stockholm/, 'SEK'],
  [/^Europe\/Copenhagen/, 'DKK'],
  [/^Europe\/Oslo/, 'NOK'],
  [/^Europe\/Warsaw/, 'PLN'],
  [/^Europe\/Prague/, 'CZK'],
  [/^(US\/|America\/(New_York|Detroit|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Indiana|Boise))/, 'USD'],
  [/^America\/(Toronto|Vancouver|Montreal|Winnipeg|Halifax|Edmonton)/, 'CAD'],
  [/^Australia\//, 'AUD'],
  [/^Asia\/Tokyo/, 'JPY'],
];

/** Out of a column of codes, a name of a price column, or where the shop is. */
export function currencyOf(money: Profile[], profiles: Profile[], timeZone: string, given: string | undefined): Told {
  const setting = 'currency';
  if (given !== undefined) return { setting, value: given, sure: 'sure', why: 'you said so' };
  const codes = profiles.find(
    ({ name, values }) =>
      /curr|wahr|waehr|devise|moneda|valuta/i.test(name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '')) &&
      [...values.keys()].every((value) => /^[A-Z]{3}$/.test(value)),
  );
  if (codes !== undefined && codes.values.size === 1) {
    return { setting, value: [...codes.values.keys()][0], sure: 'sure', why: `the column ${codes.name} says so` };
  }
  for (const { name } of money) {
    const sign = Object.keys(SIGNS).find((each) => name.includes(each));
    const code = sign === undefined ? /\b(EUR|USD|GBP|CHF|SEK|DKK|NOK|PLN|CZK)\b/.exec(name)?.[1] : SIGNS[sign];
    if (code !== undefined) return { setting, value: code, sure: 'sure', why: `the column is called "${name}"` };
  }
  const value = BY_ZONE.find(([zones]) => zones.test(timeZone))?.[1] ?? 'EUR';
  const several =
    codes === undefined
      ? ''
      : ` The column ${codes.name} names several: only receipts of one currency can be mapped together.`;
  return {
    setting,
    value,
    sure: 'guess',
    why: `that is what is paid with in ${timeZone}`,
    ask: `Are the prices in ${value}? If not, set currency.${several}`,
  };
}

/** `movements` or `counts`, and the clock. */
export function stockSettings(documents: Documents, profiles: Profile[], roles: Roles, rows: SampleRow[]): Told[] {
  return documents === 'movements' ? movementSettings(profiles, roles, rows) : countSettings(roles, rows);
}

function movementSettings(profiles: Profile[], roles: Roles, rows: SampleRow[]): Told[] {
  const setting = 'movements';
  const negative = rows.some(({ quantity }) => quantity !== null && quantity < 0);
  const column = roles.get('kind')?.profile;
  if (column !== undefined) {
    const { values, unknown } = kindsOf(column.values.keys());
    if (Object.keys(values).length > 0) {
      const sent = Object.values(values).includes('transfer-sent') && negative;
      const kinds = Object.entries(values).map(([value, kind]) => `"${value}" is ${kind}`);
      const more =
        unknown.length === 0
          ? ''
          : ` What are ${unknown
              .slice(0, 10)
              .map((value) => `"${value}"`)
              .join(', ')}? Add them to movements.kind.values, or their rows are set aside.`;
      return [
        {
          setting,
          value: { kind: { column: column.name, values }, ...(sent ? { sentQuantities: 'negative' } : {}) },
          sure: 'likely',
          why: `the words of the column ${column.name} say so`,
          ask: `Is it right that ${kinds.join(', ')}?${more}`,
        },
      ];
    }
  }
  const named = (role: 'transfer' | 'expected' | 'counterparty'): boolean =>
    profiles.some(({ name }) => (nameScores(name).get(role) ?? 0) >= 9);
  const kind = negative ? 'adjustment' : named('transfer') ? 'transfer-received' : 'goods-received';
  const why = negative
    ? 'some quantities are negative'
    : named('transfer')
      ? 'a column names transfers'
      : 'all quantities are positive';
  return [
    {
      setting,
      value: { kind: { constant: kind } },
      sure: 'guess',
      why,
      ask: `Is every document of this file "${kind}"? The kinds are goods-received, adjustment, transfer-sent and transfer-received.`,
    },
  ];
}

function countSettings(roles: Roles, rows: SampleRow[]): Told[] {
  const seen = new Set<string>();
  const twice = roles.has('counter')
    ? undefined
    : rows.find(({ number, sku }) => seen.has(`${number}|${sku}`) || !seen.add(`${number}|${sku}`));
  const repeated = twice === undefined ? {} : { repeated: 'add' };
  const again =
    twice === undefined
      ? ''
      : ` Article ${twice.sku} stands on a sheet more than once: added up (counts.repeated "add"; "last" if the later one counts).`;
  return [
    {
      setting: 'counts',
      value: { scope: 'items', ...repeated },
      sure: 'guess',
      why: 'a file does not say whether everything was counted',
      ask: `Was the whole store counted, so that what is not listed is zero? Then set counts.scope to "store".${again}`,
    },
    {
      setting: 'clockErrorSeconds',
      value: 60,
      sure: 'guess',
      why: 'a count needs a clock that is known',
      ask: 'By how many seconds may the clock of the counting device differ from this PC? Taken as 60.',
    },
  ];
}
