// Writes the documents that are generated from the contracts into docs/generated/; a test fails when they are stale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { captureOpenApi } from '../capture/openapi.ts';
import { centralOpenApi } from '../central/http.ts';
import { FactSchema } from '../protocol/fact.ts';
import { FrameSchema } from '../protocol/wire/frames.ts';

export const DOCUMENTS = join(import.meta.dirname, '../docs/generated');

/** File name to content. */
export async function generateDocuments(): Promise<Map<string, string>> {
  const documents: [string, unknown][] = [
    ['capture.openapi.json', await captureOpenApi()],
    ['central.openapi.json', await centralOpenApi()],
    ['fact.schema.json', z.toJSONSchema(FactSchema)],
    ['frames.schema.json', z.toJSONSchema(FrameSchema)],
  ];
  return new Map(documents.map(([name, document]) => [name, `${JSON.stringify(document, null, 2)}\n`]));
}

if (import.meta.main) {
  mkdirSync(DOCUMENTS, { recursive: true });
  for (const [name, content] of await generateDocuments()) writeFileSync(join(DOCUMENTS, name), content);
}
