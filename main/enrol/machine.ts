// By what a computer is told from a clone of its disk: hashes of its name, its system's number and its network cards.
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { hex } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';

export type Machine = { name: string; id: string | null; addresses: string[] };

const ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];
const NO_ADDRESS = '00:00:00:00:00:00';

export function readMachine(): Machine {
  const cards = Object.values(networkInterfaces()).flatMap((card = []) => card);
  const addresses = cards.filter(({ internal, mac }) => !internal && mac !== NO_ADDRESS).map(({ mac }) => mac);
  return { name: hostname(), id: readId(), addresses: [...new Set(addresses)].sort() };
}

function readId(): string | null {
  for (const path of ID_FILES) {
    try {
      const id = readFileSync(path, 'utf8').trim();
      if (id !== '') return id;
    } catch {}
  }
  return null;
}

/** Nobody reads a name or an address out of them. */
export function marksOf({ name, id, addresses }: Machine): string[] {
  const mark = (kind: string, value: string): string =>
    `${kind}:${hex(sha256(Buffer.from(`tillwire ${kind} ${value.toLowerCase()}`))).slice(0, 24)}`;
  return [
    mark('name', name),
    ...(id === null ? [] : [mark('id', id)]),
    ...addresses.map((address) => mark('card', address)),
  ];
}

/**
 * Another computer than the one that was enrolled: at least two of name, number and cards are others. One alone changes in
 * the life of one computer, too. Pure.
 */
export function isOtherMachine(then: readonly string[], now: readonly string[]): boolean {
  const differs = (kind: string): boolean => {
    const of = (marks: readonly string[]): string[] => marks.filter((mark) => mark.startsWith(`${kind}:`));
    const [before, after] = [of(then), of(now)];
    return before.length > 0 && after.length > 0 && !before.some((mark) => after.includes(mark));
  };
  return ['name', 'id', 'card'].filter(differs).length >= 2;
}
