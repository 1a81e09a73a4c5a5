// The schema that editors read: each field of it, down into mappings and feeds, says what it is.
import { expect, test } from 'vitest';
import { sourceJsonSchema } from '../../../main/configuration-files/layer-schema.ts';

type Node = { [key: string]: unknown };
const nodesIn = (value: unknown): [string, Node][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Fields by path, also those behind names, in lists and in one of several forms. */
function fieldsOf(node: Node, path: string): [string, Node][] {
  const fields = nodesIn(node['properties']).map(([name, field]): [string, Node] => [`${path}.${name}`, field]);
  const inner = [node['additionalProperties'], node['items'], ...nodesIn(node['anyOf']).map(([, form]) => form)];
  const below = inner.flatMap((each) => (typeof each === 'object' ? fieldsOf({ ...each }, `${path}.*`) : []));
  return [...fields, ...fields.flatMap(([name, field]) => fieldsOf(field, name)), ...below];
}

const schema: Node = sourceJsonSchema();
const fields = [['source', schema] as const, ...nodesIn(schema['$defs'])].flatMap(([name, node]) =>
  fieldsOf(node, name),
);

test('each field of it says what it is', () => {
  expect(fields.length).toBeGreaterThan(100);
  expect(fields.filter(([, field]) => field['description'] === undefined).map(([name]) => name)).toEqual([]);
});

test('every part of a layer may be null, which takes it away; what a feed holds may not', () => {
  const isFree = (name: string): boolean =>
    nodesIn(fields.find(([path]) => path === name)?.[1]['anyOf']).some(([, form]) => form['type'] === 'null');
  expect(['Layer.sync', 'Layer.sync.*.batchEntries', 'Layer.feeds'].map(isFree)).toEqual([true, true, true]);
  expect(isFree('CsvMapping.timeZone')).toBe(false);
});
