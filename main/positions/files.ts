// Where an agent keeps the positions that it fetches from head office: one signed page a line, as they came.
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PositionsPage, readPositions, SignedPositions } from '../../protocol/device/positions.ts';
import { writePrivateFile } from '../data-folder.ts';

export type PositionsFile = ReturnType<typeof positionsFile>;

export function positionsFile(folder: string) {
  const path = join(folder, 'positions.jsonl');
  return {
    exists: (): boolean => existsSync(path),
    /** The pages that follow each other from the first one on; what does not is cut off (a kill, another central). */
    read(centralKey: string, store: string): PositionsPage[] {
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').split('\n');
      const pages: PositionsPage[] = [];
      for (const line of lines) {
        const page = pageOf(line, centralKey, store);
        if (page === null || !follows(pages.at(-1), page)) break;
        pages.push(page);
      }
      const good = lines.slice(0, pages.length).map((line) => `${line}\n`);
      if (lines.length !== pages.length + 1 || lines.at(-1) !== '') writePrivateFile(path, good.join(''));
      return pages;
    },
    append: (signed: SignedPositions): void =>
      appendFileSync(path, `${JSON.stringify(signed)}\n`, { mode: 0o600, flush: true }),
    drop: (): void => rmSync(path, { force: true }),
  };
}

function pageOf(line: string, centralKey: string, store: string): PositionsPage | null {
  try {
    return readPositions(SignedPositions.parse(JSON.parse(line)), centralKey, store);
  } catch {
    return null;
  }
}

/** Whether it is the next page of the same answer; the first one follows nothing. */
export function follows(before: PositionsPage | undefined, page: PositionsPage): boolean {
  if (before === undefined) return page.after === null;
  const { epoch, seq, dseq } = before.cut;
  const isSameCut = page.cut.epoch === epoch && page.cut.seq === seq && page.cut.dseq === dseq;
  return isSameCut && !before.isLast && page.after !== null && page.after === before.rows.at(-1)?.[0];
}
