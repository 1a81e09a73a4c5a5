// Options and answers that several commands share.
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { IANAZone } from 'luxon';
import { Currency, StoreId } from '../../protocol/fact.ts';
import { readBrokerUrl } from '../../sync/broker-url.ts';
import { readAddress } from '../lan-settings.ts';

/** npm run changes to the package's folder: paths mean what they meant where the command was typed (D30). */
export const pathFromCaller = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

export function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 (a free one) to 65535.');
}

export function storeId(text: string): string {
  if (StoreId.safeParse(text).success) return text;
  throw new InvalidArgumentError('A store is 1 to 32 letters, digits, "_" or "-", for example S001.');
}

export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Write a whole address, for example http://127.0.0.1:8080.');
}

export function brokerUrl(text: string): string {
  const address = readBrokerUrl(text);
  if (typeof address !== 'string') return text;
  throw new InvalidArgumentError(address);
}

export type LanAddress = { address?: string; port?: number };

export function lanAddress(text: string): LanAddress {
  const address = readAddress(text);
  if (address !== null) return address;
  throw new InvalidArgumentError(
    'Write an address of this PC with a port, for example 192.168.1.10:8443, or one of them.',
  );
}

export function timeZone(text: string): string {
  if (IANAZone.isValidZone(text)) return text;
  throw new InvalidArgumentError('Write an IANA time zone, for example Europe/London.');
}

export function currencyCode(text: string): string {
  if (Currency.safeParse(text).success) return text;
  throw new InvalidArgumentError('Write an ISO 4217 code, for example EUR.');
}

/** For an option that may be given several times. */
export const many = (path: string, before: string[] = []): string[] => [...before, pathFromCaller(path)];

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** A table for people: columns as wide as their widest cell. */
export function printTable(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

export const localTime = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toLocaleString('sv-SE'));
