// The generated documents in the repository are those of the contracts and of the examples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCUMENTS, generateDocuments } from '../build/documents.ts';

test('docs/generated and docs/conflicts.md are up to date (npm run documents)', async () => {
  for (const [name, content] of await generateDocuments()) {
    expect(readFileSync(join(DOCUMENTS, name), 'utf8'), name).toBe(content);
  }
});
