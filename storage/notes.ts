// What the journal keeps beside its entries: small settings, and what could not be placed.
import type { SetAside, SetAsideItem } from '../core/captured.ts';
import type { Rooms } from './open.ts';
import { type AsidePage, listAside } from './set-aside.ts';

export type NoteMethods = {
  readSetting(name: string): string | null;
  writeSetting(name: string, value: string): void;
  /** How many of them were not set aside before. */
  keepAside(items: SetAside[]): number;
  listAside(page: AsidePage): SetAsideItem[];
  resolveAside(id: number): void;
  /** How many documents were ever captured, and how many set aside, mended or not. */
  cameIn(): { captured: number; setAside: number };
};

export function openNotes({ db, clock, epochs, setAsides, second, transact }: Rooms): NoteMethods {
  const select = db.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const write = db.prepare(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  // Ids have holes: what was set aside before takes one as well.
  const countAside = db.prepare<[], number>('SELECT count(*) FROM set_aside').pluck();
  return {
    readSetting: (name: string): string | null => select.get(name) ?? null,
    writeSetting: (name: string, value: string): void => transact(() => void write.run(name, value)),
    keepAside: (items: SetAside[]): number =>
      transact(() => {
        const atMs = clock.wallMs();
        const fresh = items.filter((item) => setAsides.keep(item, atMs));
        const { seq, chain } = epochs.tip();
        second.write(fresh.map((item) => ({ meta: { kind: 'aside', atMs, item }, after: { seq, chain } })));
        return fresh.length;
      }),
    listAside: (page) => listAside(db, page),
    cameIn() {
      const captured = epochs.all().reduce((sum, { seq, closed }) => sum + (closed ?? seq), 0);
      return { captured, setAside: countAside.get() ?? 0 };
    },
    resolveAside: (id: number): void => transact(() => setAsides.resolve(id, clock.wallMs())),
  };
}
