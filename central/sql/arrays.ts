// Many rows in one statement: columns as PostgreSQL array literals, for unnest. JSON's spelling of a list is the same
// but for its brackets, as long as nothing is escaped.

/** For a parameter cast to text[]. Takes any text that PostgreSQL can hold. */
export function textArray(values: readonly (string | null)[]): string {
  const json = JSON.stringify(values);
  return json.includes('\\') ? `{${values.map(textElement).join(',')}}` : inBraces(json);
}

const textElement = (value: string | null): string =>
  value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`;

/** For a parameter cast to bigint[], integer[] or boolean[]. */
export const plainArray = (values: readonly (number | boolean | null)[]): string => inBraces(JSON.stringify(values));

const inBraces = (json: string): string => `{${json.slice(1, -1)}}`;
