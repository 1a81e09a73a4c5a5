// What a field may be, in words, out of its schema: told beside what is wrong with it.
import { z } from 'zod';

type Node = z.core.JSONSchema.BaseSchema;

const NAMES_SHOWN_MAX = 12;

export type Allowed = {
  /** Words for what may stand at a path; null where the schema knows no such place. */
  at(path: readonly PropertyKey[]): string | null;
  /** Names of the fields that an object at a path may have. */
  fieldsAt(path: readonly PropertyKey[]): string[];
};

export function allowedBy(schema: z.ZodType): Allowed {
  const root = z.toJSONSchema(schema, { io: 'input' }) as Node;
  const nodeAt = (path: readonly PropertyKey[]): Node | null => {
    let node: Node | null = root;
    for (const step of path) node = node === null ? null : childOf(plain(root, node), step);
    return node;
  };
  return {
    at(path) {
      const node = nodeAt(path);
      if (node === null) return null;
      const what = plain(root, node);
      const said = node.description ?? what.description;
      return `${inWords(what)}${said === undefined ? '' : ` (${said})`}`;
    },
    fieldsAt(path) {
      const node = nodeAt(path);
      return node === null ? [] : namesOf(plain(root, node));
    },
  };
}

/** Behind references, and without "or null": that is told once, in the page. */
function plain(root: Node, node: Node): Node {
  const { $ref, anyOf } = node;
  if ($ref !== undefined) {
    const name = $ref.replace('#/$defs/', '');
    const target = asNode(root.$defs?.[name]);
    return target === null ? node : plain(root, target);
  }
  const other = anyOf?.map(asNode).filter((one) => one !== null && one.type !== 'null') ?? [];
  const [only] = other;
  return other.length === 1 && only !== undefined && only !== null ? plain(root, only) : node;
}

function childOf(node: Node, step: PropertyKey): Node | null {
  if (typeof step === 'number') return Array.isArray(node.items) ? null : asNode(node.items);
  return asNode(node.properties?.[String(step)]) ?? asNode(node.additionalProperties);
}

const asNode = (node: unknown): Node | null => (typeof node === 'object' && node !== null ? (node as Node) : null);

function namesOf(node: Node): string[] {
  const { propertyNames } = node;
  return Object.keys(node.properties ?? {}).concat((asNode(propertyNames)?.enum ?? []).map(String));
}

function inWords(node: Node): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return oneOf(node.enum.map((value) => JSON.stringify(value)));
  switch (node.type) {
    case 'integer':
      return `a whole number${range(leastOf(node), mostOf(node))}`;
    case 'number':
      return `a number${range(leastOf(node), mostOf(node))}`;
    case 'string':
      return `text${range(node.minLength, node.maxLength, ' characters')}`;
    case 'array':
      return `a list${range(node.minItems, node.maxItems, ' entries')}`;
    case 'object':
      return objectInWords(node);
    default:
      return node.type === undefined ? 'something else' : `a ${node.type}`;
  }
}

function objectInWords(node: Node): string {
  const names = namesOf(node);
  if (names.length === 0) return 'an object of named parts';
  const more = names.length > NAMES_SHOWN_MAX ? ', ...' : '';
  return `an object of ${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}`;
}

const leastOf = ({ minimum, exclusiveMinimum }: Node): number | undefined =>
  minimum ?? (typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : undefined);

/** What every whole number keeps to is no bound worth a word. */
const mostOf = ({ maximum }: Node): number | undefined => (maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum);

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  if (least !== undefined && most !== undefined) return `${unit === '' ? ' from' : ' of'} ${least} to ${most}${unit}`;
  if (most !== undefined) return ` of at most ${most}${unit}`;
  return least === undefined ? '' : ` of at least ${least}${unit}`;
}

/** "a", "b" or "c" */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
