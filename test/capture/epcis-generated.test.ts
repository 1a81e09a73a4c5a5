// Events of every make, right and wrong, in both forms: one item for each, the goods counted, nothing thrown.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epcis } from '../../capture/feeds/epcis/feed.ts';
import type { FeedItem } from '../../capture/feeds/feed.ts';
import { contextOf, pieces, readText, refusal } from './epcis-reading.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 100);
const PATIENCE_MS = 20_000 + CASES * 30;

const word = (urn: string, web: string, ...words: string[]) =>
  fc
    .tuple(
      fc.constantFrom('', `urn:epcglobal:cbv:${urn}:`, `https://ref.gs1.org/cbv/${web}-`),
      fc.constantFrom(...words),
    )
    .map((parts) => parts.join(''));
const steps = ['receiving', 'shipping', 'cycle_counting', 'stock_taking', 'destroying', 'inspecting', 'arriving'];
const step = fc.oneof(
  { weight: 8, arbitrary: word('bizstep', 'BizStep', ...steps, 'retail_selling', 'commissioning') },
  { weight: 1, arbitrary: fc.constantFrom('transforming', 'http://x.example/step', '<&>"', 'é~') },
);
const disposition = word('disp', 'Disp', 'in_progress', 'damaged', 'stolen', 'in_transit', 'returned', 'nonsense');
const serial = fc.integer({ min: 1, max: 9 });
const items = ['0614141.107346', '4012345.012345', '9520001.012346'];
const goods = fc.tuple(fc.constantFrom(...items), serial).map(([item, number]) => `urn:epc:id:sgtin:${item}.${number}`);
const strange = fc.constantFrom(
  'urn:epc:id:sscc:4012345.0000000333',
  'urn:epc:id:grai:4012345.66666.87',
  'urn:epc:id:giai:4000001.12345',
  'urn:epc:id:sgtin:4012345.1.1',
  'https://id.gs1.org/01/09521141012346/21/1',
  'http://example.com/<x>&amp;"',
);
const epcs = fc.array(fc.oneof({ weight: 12, arbitrary: goods }, { weight: 1, arbitrary: strange }), { maxLength: 6 });
const thousandths = fc.integer({ min: 0, max: 5_000_000 });
const amounts = fc.array(
  fc.record(
    {
      epcClass: fc.constantFrom(...items).map((item) => `urn:epc:class:lgtin:${item}.L`),
      quantity: fc.oneof(
        { weight: 12, arbitrary: thousandths.map((n) => n / 1000) },
        { weight: 1, arbitrary: fc.constantFrom(-1, 0.0001, 1e21) },
      ),
      uom: fc.constantFrom('KGM', 'EA'),
    },
    { requiredKeys: ['epcClass'] },
  ),
  { maxLength: 3 },
);
const place = fc.constantFrom(
  'urn:epc:id:sgln:0012345.11111.0',
  'urn:epc:id:sgln:0012345.11111.4',
  'urn:epc:id:sgln:4012345.00225.0',
);
const time = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true })
      .map((d) => d.toISOString()),
  },
  { weight: 1, arbitrary: fc.constantFrom('22-07-2026', '', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00') },
);
const common = {
  eventTime: time,
  eventTimeZoneOffset: fc.constantFrom('+01:00', '-06:00', '+00:00', '+05:30', '-00:00', 'CET'),
  action: fc.constantFrom('OBSERVE', 'OBSERVE', 'OBSERVE', 'ADD', 'DELETE', 'observe'),
  bizStep: step,
  disposition,
  readPoint: place,
  bizLocation: place,
};
const optional = ['disposition', 'readPoint', 'bizLocation'] as const;
const required = {
  requiredKeys: Object.keys(common).filter((key) => !optional.some((name) => name === key)) as 'action'[],
};
type Common = Partial<Record<keyof typeof common, string>>;
type Made = {
  type: string;
  fields: Common;
  epcs: string[];
  amounts: { epcClass: string; quantity?: number; uom?: string }[];
};

const made: fc.Arbitrary<Made> = fc.record({
  type: fc.constantFrom('ObjectEvent', 'AggregationEvent', 'AssociationEvent'),
  fields: fc.record(common, required) as fc.Arbitrary<Common>,
  epcs,
  amounts,
});

const namesOf = ({ type }: Made) =>
  type === 'ObjectEvent' ? (['epcList', 'quantityList'] as const) : (['childEPCs', 'childQuantityList'] as const);
const parentOf = ({ type }: Made) => (type === 'ObjectEvent' ? {} : { parentID: 'urn:epc:id:sscc:4012345.0000000333' });

function inJson(event: Made): string {
  const { readPoint, bizLocation, ...fields } = event.fields;
  const [epcName, amountName] = namesOf(event);
  return JSON.stringify({
    type: event.type,
    ...fields,
    ...parentOf(event),
    ...(readPoint === undefined ? {} : { readPoint: { id: readPoint } }),
    ...(bizLocation === undefined ? {} : { bizLocation: { id: bizLocation } }),
    [epcName]: event.epcs,
    [amountName]: event.amounts,
  });
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

function inXml(event: Made): string {
  const { readPoint, bizLocation, ...fields } = event.fields;
  const [epcName, amountName] = namesOf(event);
  const tag = (name: string, inner: string): string => `<${name}>${inner}</${name}>`;
  const placed = Object.entries({ readPoint, bizLocation }).flatMap(([name, id]) =>
    id === undefined ? [] : [tag(name, tag('id', id))],
  );
  const sums = event.amounts.map((amount) =>
    tag(
      'quantityElement',
      Object.entries(amount)
        .map(([name, value]) => tag(name, String(value)))
        .join(''),
    ),
  );
  const texts = (told: object): string[] => Object.entries(told).map(([name, text]) => tag(name, escaped(text)));
  const { eventTime, eventTimeZoneOffset, ...others } = fields;
  const first = texts({ eventTime, eventTimeZoneOffset, ...parentOf(event) });
  const instances = tag(epcName, event.epcs.map((epc) => tag('epc', escaped(epc))).join(''));
  return tag(event.type, [...first, instances, ...texts(others), ...placed, tag(amountName, sums.join(''))].join(''));
}

const jsonOf = (events: Made[]): string =>
  `{"type":"EPCISDocument","epcisBody":{"eventList":[${events.map(inJson).join(',')}]}}`;
const xmlOf = (events: Made[]): string =>
  `<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2"><EPCISBody><EventList>${events.map(inXml).join('')}</EventList></EPCISBody></e:EPCISDocument>`;

/** Thousandths of all goods of the event, by the class in its URN. */
function unitsOf({ epcs: instances, amounts: told }: Made): number {
  const counted = new Set(instances.filter((epc) => epc.startsWith('urn:epc:id:sgtin:'))).size * 1000;
  return told.reduce((sum, { quantity = 0 }) => sum + Math.round(quantity * 1000), counted);
}

function unitsIn(item: FeedItem): number | null {
  if (item.kind !== 'document') return null;
  const lines: { quantity?: unknown; counted?: unknown }[] = item.documents.flatMap(({ body }) => [...body.lines]);
  return lines.reduce((sum, line) => sum + Math.round(Math.abs(Number(line.quantity ?? line.counted)) * 1000), 0);
}

const meant = (item: FeedItem): unknown =>
  item.kind === 'document' ? item.documents : item.kind === 'aside' ? item.kind : item.what;

describe('events of every make', () => {
  test(
    'become one item each, with all their goods, which the pipeline takes',
    async () => {
      let documents = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(made, { maxLength: 5 }), fc.boolean(), async (events, own) => {
          const places = own
            ? { own: ['urn:epc:id:sgln:0012345.11111.0'], transfers: { '4012345002256': 'S002' } }
            : {};
          const read = await readText(jsonOf(events), { epcis: { places } });
          expect(read).toHaveLength(events.length);
          for (const [index, item] of read.entries()) {
            const event = events[index];
            if (event === undefined || item.kind !== 'document') continue;
            documents++;
            expect(unitsIn(item)).toBe(unitsOf(event));
            expect(await refusal(item.documents[0])).toBeNull();
          }
        }),
        { numRuns: CASES },
      );
      expect(documents).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    'say the same in XML, in pieces, and alone',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(made, { maxLength: 4 }), fc.integer({ min: 1, max: 200 }), async (events, size) => {
          const json = await readText(jsonOf(events));
          const xml = await readText(xmlOf(events));
          expect(xml.map(meant)).toEqual(json.map(meant));
          expect(await readText(xmlOf(events), {}, size)).toEqual(xml);
          expect(await readText(jsonOf(events), {}, size)).toEqual(json);
          for (const item of [...json, ...xml]) {
            if (item.kind === 'passed') continue;
            expect((await readText(item.raw)).map(meant)).toEqual([meant(item)]);
          }
        }),
        { numRuns: CASES },
      );
    },
    PATIENCE_MS,
  );
});

/** Reads to its end or to a clear stop. */
async function isOrderly(bytes: Uint8Array, size: number): Promise<boolean> {
  try {
    for await (const _item of epcis.read(pieces(bytes, size), contextOf()));
    return true;
  } catch (error) {
    return error instanceof Error && error.name === 'ImportStopped' && error.message.length > 20;
  }
}

describe('anything at all', () => {
  const damaged = fc
    .tuple(
      fc.array(made, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.nat(),
      fc.nat(20),
      fc.string({ maxLength: 8 }),
    )
    .map(([events, asXml, at, length, instead]) => {
      const text = asXml ? xmlOf(events) : jsonOf(events);
      const from = at % text.length;
      return text.slice(0, from) + instead + text.slice(from + length);
    });

  test(
    'damaged documents end in items or a clear stop',
    async () => {
      await fc.assert(
        fc.asyncProperty(damaged, fc.integer({ min: 1, max: 500 }), async (text, size) =>
          isOrderly(Buffer.from(text), size),
        ),
        { numRuns: CASES },
      );
    },
    PATIENCE_MS,
  );

  test(
    'so do any JSON and any bytes',
    async () => {
      const json = fc.jsonValue({ maxDepth: 4 });
      const event = fc.record({
        type: fc.constant('ObjectEvent'),
        epcList: json,
        quantityList: json,
        readPoint: json,
        bizStep: json,
        ilmd: json,
        errorDeclaration: json,
        certificationInfo: json,
        eventTime: json,
        'x:y': json,
      });
      await fc.assert(
        fc.asyncProperty(fc.oneof(json, event, fc.array(event)), (value) =>
          isOrderly(Buffer.from(JSON.stringify(value)), 64),
        ),
        { numRuns: CASES },
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => isOrderly(bytes, 16)),
        { numRuns: CASES },
      );
    },
    PATIENCE_MS,
  );
});
