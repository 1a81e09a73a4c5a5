// Writes the documents that are generated from contracts and worked examples; a test fails when they are stale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { captureOpenApi } from '../capture/openapi.ts';
import { centralOpenApi } from '../central/http.ts';
import { sourceJsonSchema } from '../main/configuration-files/layer-schema.ts';
import { FactSchema } from '../protocol/fact.ts';
import { FrameSchema } from '../protocol/wire/frames.ts';
import { captureErrorsPage } from './capture-errors.ts';
import { conflictsPage } from './conflicts.ts';

export const DOCUMENTS = join(import.meta.dirname, '../docs');

/** Path below docs/ to content. */
export async function generateDocuments(): Promise<Map<string, string>> {
  const documents: [string, unknown][] = [
    ['capture.openapi.json', await captureOpenApi()],
    ['central.openapi.json', await centralOpenApi()],
    ['configuration.schema.json', sourceJsonSchema()],
    ['fact.schema.json', z.toJSONSchema(FactSchema)],
    ['frames.schema.json', z.toJSONSchema(FrameSchema)],
  ];
  const json = documents.map(
    ([name, document]) => [`generated/${name}`, `${JSON.stringify(document, null, 2)}\n`] as const,
  );
  const pages = [
    ['conflicts.md', conflictsPage()],
    ['generated/capture-errors.md', captureErrorsPage()],
  ] as const;
  return new Map([...json, ...pages]);
}

if (import.meta.main) {
  mkdirSync(join(DOCUMENTS, 'generated'), { recursive: true });
  for (const [name, content] of await generateDocuments()) writeFileSync(join(DOCUMENTS, name), content);
}
