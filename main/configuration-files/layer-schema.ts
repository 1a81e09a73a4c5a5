// The schema of the file that people write: each layer may name any part of a configuration, or null to take it away.
import { z } from 'zod';
import { CsvMapping } from '../../capture/csv/mapping.ts';
import { FeedSettings } from '../../capture/feeds/settings.ts';
import { configurationWith, sourceWith } from '../../protocol/configuration/document.ts';

/** Objects field by field, each optional and nullable; a value of a list or of a record of names is named as a whole. */
function layerOf(schema: z.ZodType): z.ZodType {
  const meta = schema.meta();
  const layer = withoutMeta(schema);
  return meta === undefined ? layer : layer.meta(meta);
}

function withoutMeta(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return layerOf(asType(schema.unwrap()));
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => {
      const part = layerOf(asType(field));
      const meta = part.meta();
      const free = part.nullable().optional();
      return [name, meta === undefined ? free : free.meta(meta)] as const;
    });
    return z.strictObject(Object.fromEntries(fields));
  }
  if (schema instanceof z.ZodRecord) {
    return z.partialRecord(schema.keyType as z.ZodType<string, string>, asType(schema.valueType).nullable());
  }
  return schema;
}

/** The parts of a zod schema are typed as those of its core. */
const asType = (schema: unknown): z.ZodType => schema as z.ZodType;

function sourceOf(reading: z.ZodType) {
  const told = reading.meta({ description: 'How its files are read: a mapping of columns, or the settings of a feed' });
  return sourceWith(layerOf(configurationWith(told)).meta({ id: 'Layer' }));
}

/** To check with: readings are looked at by the one who reads files, who says more about them. */
export const SourceFile = sourceOf(z.record(z.string(), z.unknown()));

/** For editors: with all that a mapping, or the settings of a feed, may hold. */
export const sourceJsonSchema = () => ({
  title: 'Configuration of all stores (Tillwire)',
  ...z.toJSONSchema(sourceOf(z.union([CsvMapping.meta({ id: 'CsvMapping' }), FeedSettings])), { io: 'input' }),
});
