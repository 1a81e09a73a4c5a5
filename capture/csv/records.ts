// CSV bytes to records with their line number and their own text; a broken row costs itself, not the rest of the file.
import { isUtf8 } from 'node:buffer';
import { setImmediate as breathe } from 'node:timers/promises';
import { Parser } from 'csv-parse';
import { CSV_ROW_BYTES_MAX } from '../../core/limits/files.ts';
import { type Bytes, textOf } from './source.ts';

export type CsvDialect = { delimiter: string; quote: string; looseQuotes: boolean };

export type CsvRecord = {
  /** Line of the file in which the record begins, from 1. */
  line: number;
  /** Of a broken record: only the cells in front of the broken place. */
  cells: string[];
  /** The record as it stands in the file, without its line end. */
  raw: string;
  broken?: 'quotes' | 'too-long' | 'encoding' | 'json' | undefined;
  /** What is broken, in words, where `broken` says too little. */
  problem?: string | undefined;
};

type Found = { cells: string[]; end: number };

/**
 * Streams records out of UTF-8 bytes. Blank lines are no records. Where quotation marks don't pair up, the first line
 * of the unreadable place becomes a broken record and reading goes on behind it; memory holds one record and one chunk.
 */
export async function* csvRecords(source: Bytes, dialect: CsvDialect): AsyncGenerator<CsvRecord> {
  let reader = openReader(dialect);
  let line = 1;
  let broken = 0;
  /** Bytes from the beginning of a broken record on, until its line is whole. */
  let torn: { why: Broken; bytes: Buffer } | null = null;
  function* told(pieces: Iterable<Piece>): Generator<CsvRecord> {
    for (const piece of pieces) {
      const { record, lines } = recordOf(piece, line, dialect);
      line += lines;
      if (record !== null) yield record;
    }
  }
  async function* feed(chunk: Buffer, ended: boolean): AsyncGenerator<CsvRecord> {
    let next = chunk;
    for (;;) {
      if (torn === null) {
        const why = await reader.read(next, ended);
        yield* told(reader.take());
        if (why === null) return;
        torn = { why, bytes: reader.rest() };
      } else {
        torn.bytes = Buffer.concat([torn.bytes, next]);
      }
      const end = lineEnd(torn.bytes, ended);
      if (end === null) return;
      // Each costs a new parser: tills that post meanwhile must not wait for a file full of them.
      if (++broken % BROKEN_AT_ONCE === 0) await breathe();
      yield* told([{ bytes: torn.bytes.subarray(0, end), cells: null, broken: torn.why }]);
      next = torn.bytes.subarray(end);
      torn = null;
      reader = openReader(dialect);
    }
  }
  for await (const chunk of source) {
    yield* feed(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), false);
  }
  yield* feed(Buffer.alloc(0), true);
}

const BROKEN_AT_ONCE = 50;

type Broken = 'quotes' | 'too-long';
type Piece = { bytes: Buffer; cells: string[] | null; broken?: Broken | undefined };

/** csv-parse, driven chunk by chunk; it never holds back records, and tells where in the bytes each one ends. */
function openReader(dialect: CsvDialect) {
  const found: Found[] = [];
  let held: Buffer = Buffer.alloc(0);
  let heldFrom = 0;
  const parser: Parser = new Parser({
    delimiter: dialect.delimiter,
    quote: dialect.quote === '' ? null : dialect.quote,
    escape: dialect.quote === '' ? null : dialect.quote,
    relax_quotes: dialect.looseQuotes,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: CSV_ROW_BYTES_MAX,
    on_record: (cells: string[]) => {
      found.push({ cells, end: parser.info.bytes });
      return null;
    },
  });
  const failures: Error[] = [];
  parser.on('error', (error) => failures.push(error));
  parser.resume();
  return {
    /** Reads one more chunk, perhaps the last; resolves to what is wrong behind the records found so far, or null. */
    async read(chunk: Buffer, ended: boolean): Promise<Broken | null> {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (chunk.length > 0) await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
      if (ended && failures.length === 0) {
        await new Promise<void>((resolve) => parser.once('close', resolve).end());
      }
      const [failure] = failures;
      if (failure === undefined) return null;
      return 'code' in failure && failure.code === 'CSV_MAX_RECORD_SIZE' ? 'too-long' : 'quotes';
    },
    *take(): Generator<Piece> {
      let from = heldFrom;
      for (const { cells, end } of found.splice(0)) {
        yield { bytes: held.subarray(from - heldFrom, end - heldFrom), cells };
        from = end;
      }
      held = held.subarray(from - heldFrom);
      heldFrom = from;
    },
    rest: (): Buffer => held,
  };
}

function recordOf(piece: Piece, firstLine: number, dialect: CsvDialect): { record: CsvRecord | null; lines: number } {
  const text = textOf(piece.bytes);
  const blank = /^(?:\r\n|\n|\r)*/.exec(text)?.[0] ?? '';
  const raw = text.slice(blank.length).replace(/(?:\r\n|\n|\r)$/, '');
  const lines = countLines(text);
  if (raw === '') return { record: null, lines };
  const line = firstLine + countLines(blank);
  if (piece.cells === null) {
    const cells = cellsBefore(raw, dialect);
    return { record: { line, cells, raw, broken: piece.broken ?? 'quotes' }, lines };
  }
  const broken = isUtf8(piece.bytes) ? undefined : 'encoding';
  return { record: { line, cells: piece.cells, raw, broken }, lines };
}

const countLines = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/** End of the first line that holds anything, its line end included; null while it is not known yet. */
function lineEnd(bytes: Buffer, ended: boolean): number | null {
  let at = 0;
  while (at < bytes.length && isLineEnd(bytes[at])) at++;
  while (at < bytes.length && !isLineEnd(bytes[at])) at++;
  const unsure = at >= bytes.length - (bytes[at] === 0x0d ? 1 : 0);
  if (unsure && !ended) return bytes.length <= 2 * CSV_ROW_BYTES_MAX ? null : beforeNumber(bytes);
  if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at++;
  return Math.min(at + 1, bytes.length);
}

const TEAR_BYTES_MAX = 200;

/** A run of digits is not torn, for it may be a card's (L12). */
export function beforeNumber(bytes: Buffer): number {
  let end = bytes.length;
  while (end > bytes.length - TEAR_BYTES_MAX && isOfNumber(bytes[end - 1] ?? 0)) end--;
  return end;
}

/** Digits and what may stand between the digits of a card; bytes of characters beyond ASCII, too. */
const isOfNumber = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x20 || byte === 0x2d || byte >= 0x80;

const isLineEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

/** Cells in front of the first quotation mark can be trusted: enough to know the receipt, mostly. */
function cellsBefore(raw: string, dialect: CsvDialect): string[] {
  const quote = dialect.quote === '' ? -1 : raw.indexOf(dialect.quote);
  const cells = raw.slice(0, quote < 0 ? CSV_ROW_BYTES_MAX : quote).split(dialect.delimiter);
  return cells.slice(0, -1);
}
