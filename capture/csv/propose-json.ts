// The sample of a JSON file as rows and columns: paths to properties, and the list that holds the lines of a receipt.
import { isLosslessNumber, parse } from 'lossless-json';
import { SAMPLE_COLUMNS_MAX, SAMPLE_ROWS_MAX } from '../../core/limits/feeds.ts';
import { jsonLines, jsonValues } from './json-pieces.ts';
import { nameScores, plainName } from './propose-names.ts';
import { type Sample, textBytes } from './propose-sample.ts';
import type { Note, Table } from './propose-table.ts';

type JsonObject = Record<string, unknown>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** Null where the text only looks like JSON. */
export async function jsonTable(sample: Sample): Promise<Table | null> {
  const lines = await objectsOf(jsonLines(textBytes([sample.head, ...sample.pieces].join(''))));
  const isLines = lines.objects.length > 0 && lines.objects.length >= lines.odd;
  const { objects, odd } = isLines ? lines : await objectsOf(jsonValues(textBytes(sample.head)));
  if (objects.length === 0) return null;
  const linesAt = listOf(objects);
  const rows: Map<string, string>[] = [];
  const names = new Set<string>();
  for (const object of objects) {
    const own = new Map<string, string>();
    const lists = new Map<string, unknown[]>();
    flatten(object, '', own, lists);
    const list = linesAt === null ? [null] : (lists.get(linesAt) ?? []);
    for (const entry of list) {
      const row = new Map(own);
      if (isObject(entry)) flatten(entry, `${linesAt}.`, row, new Map());
      for (const name of row.keys()) if (names.size < SAMPLE_COLUMNS_MAX) names.add(name);
      rows.push(row);
      if (rows.length >= SAMPLE_ROWS_MAX) break;
    }
  }
  const ordered = [...names];
  const format = isLines ? 'jsonl' : 'json';
  const notes: Note[] = [
    {
      setting: 'format',
      value: format,
      sure: 'sure',
      why: isLines ? 'each line is a JSON object' : 'the file is JSON over several lines',
    },
  ];
  if (linesAt !== null)
    notes.push({
      setting: 'linesAt',
      value: linesAt,
      sure: 'likely',
      why: `each object holds its lines in the list ${linesAt}`,
    });
  return {
    settings: { format, ...(linesAt === null ? {} : { linesAt }) },
    names: ordered,
    nameless: new Set(),
    header: true,
    rows: rows.map((row) => ordered.map((name) => row.get(name) ?? '')),
    odd,
    notes,
  };
}

async function objectsOf(
  pieces: AsyncIterable<{ bytes: Buffer; problem?: string | undefined }>,
): Promise<{ objects: JsonObject[]; odd: number }> {
  const objects: JsonObject[] = [];
  let odd = 0;
  for await (const { bytes, problem } of pieces) {
    const value = problem === undefined ? parsedOf(bytes.toString('utf8')) : null;
    if (isObject(value)) objects.push(value);
    else odd++;
    if (objects.length >= SAMPLE_ROWS_MAX || odd > objects.length + 1_000) break;
  }
  return { objects, odd };
}

function parsedOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Also what is nested too deeply.
    return null;
  }
}

const LEVELS_MAX = 6;

function flatten(
  value: JsonObject,
  prefix: string,
  cells: Map<string, string>,
  lists: Map<string, unknown[]>,
  level = 0,
): void {
  for (const [key, each] of Object.entries(value)) {
    const path = `${prefix}${key}`;
    if (Array.isArray(each)) lists.set(path, each);
    else if (isObject(each)) {
      if (level < LEVELS_MAX) flatten(each, `${path}.`, cells, lists, level + 1);
    } else if (each !== null) cells.set(path, isLosslessNumber(each) ? each.value : String(each));
  }
}

/** The list whose objects look like lines of a receipt. */
function listOf(objects: JsonObject[]): string | null {
  const scores = new Map<string, number>();
  for (const object of objects.slice(0, 100)) {
    const lists = new Map<string, unknown[]>();
    flatten(object, '', new Map(), lists);
    for (const [path, list] of lists) {
      const [first] = list;
      if (!isObject(first)) continue;
      const cells = new Map<string, string>();
      flatten(first, '', cells, new Map());
      const known = [...cells.keys()].filter((name) => {
        const roles = nameScores(name);
        return roles.has('sku') || roles.has('gtin') || roles.has('quantity') || roles.has('counted');
      });
      scores.set(path, (scores.get(path) ?? 0) + known.length);
    }
  }
  const [best] = [...scores].sort(([a, x], [b, y]) => y - x || (plainName(a) < plainName(b) ? -1 : 1));
  return best !== undefined && best[1] > 0 ? best[0] : null;
}
