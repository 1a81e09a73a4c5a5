// Fetches a store's positions page by page; goes on where it was broken off.
import { cutName, type PositionsPage, readPositions, SignedPositions } from '../../protocol/device/positions.ts';
import { CentralDeclined, type DeviceClient } from '../device-client.ts';
import { follows, type PositionsFile } from './files.ts';

export type FetchParts = {
  client: Pick<DeviceClient, 'get'>;
  /** Central's public key in hex. */
  centralKey: string;
  store: string;
  file: PositionsFile;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
};

const NOT_FOUND = 404;

/** All pages of one cut. Throws what the client throws; what came until then is kept. */
export async function fetchPositions(parts: FetchParts): Promise<PositionsPage[]> {
  const { client, centralKey, store, file, signal, onProgress } = parts;
  let pages = file.read(centralKey, store);
  for (;;) {
    const last = pages.at(-1);
    onProgress(rowsOf(pages), last?.total ?? 0);
    if (last?.isLast === true) return pages;
    signal.throwIfAborted();
    const asked = last === undefined ? {} : { after: last.rows.at(-1)?.[0], cut: cutName(last.cut) };
    try {
      const signed = await client.get('/v1/device/positions', asked, SignedPositions);
      const page = readPositions(signed, centralKey, store);
      if (page === null || !follows(last, page)) {
        file.drop();
        throw new Error("the positions that came are not head office's word about this store");
      }
      file.append(signed);
      pages.push(page);
    } catch (error) {
      // Head office has moved on and does not keep that cut any more: the present one, from the beginning.
      if (!(error instanceof CentralDeclined && error.status === NOT_FOUND) || last === undefined) throw error;
      file.drop();
      pages = [];
    }
  }
}

const rowsOf = (pages: PositionsPage[]): number => pages.reduce((sum, { rows }) => sum + rows.length, 0);
