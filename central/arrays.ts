// Many rows in one statement: columns as PostgreSQL array literals, for unnest.

/** For a parameter cast to text[]. Takes any text that PostgreSQL can hold. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(textElement).join(',')}}`;
}

function textElement(value: string | null): string {
  if (value === null) return 'NULL';
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}

/** For a parameter cast to bigint[], integer[] or boolean[]. */
export function plainArray(values: readonly (number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
