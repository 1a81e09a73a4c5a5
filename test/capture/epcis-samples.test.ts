// Other people's EPCIS documents: every event comes out, with the figures that a plain look at the file finds.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FeedItem } from '../../capture/feeds/feed.ts';
import { needSample } from '../needs.ts';
import { contextOf, readBytes, refusal } from './epcis-reading.ts';

const folder = needSample('03-epcis/openepcis');
const files = folder === null ? [] : globSync('**/*.{json,xml}', { cwd: folder }).sort();
const bytesOf = (file: string): Buffer => readFileSync(join(folder ?? '', file));
const withPlaces = contextOf({
  epcis: { elementOrder: 'any', places: { own: ['urn:epc:id:sgln:4012345.00000.0'], others: 'pass' } },
});

/** One event as this test sees it, without the product. */
type Seen = {
  step: string;
  epcs: string[];
  classes: [text: string, quantity: number][];
  action: string;
  wrong: boolean;
};

const EVENT =
  /<(?:\w+:)?((?:Object|Aggregation|Transaction|Transformation|Association)Event)[\s>][\s\S]*?<\/(?:\w+:)?\1>/g;
const inTag = (text: string, tag: string): string[] =>
  [...text.matchAll(new RegExp(`<(?:\\w+:)?${tag}(?:\\s[^>]*)?>([^<]*)<`, 'g'))].map(([, inner = '']) => inner.trim());

function seenInXml(text: string): Seen[] {
  const plain = text.replace(/<!--[\s\S]*?-->/g, '');
  return [...plain.matchAll(EVENT)].map(([event]) => {
    const lists = [...event.matchAll(/<(?:\w+:)?quantityElement[\s\S]*?<\/(?:\w+:)?quantityElement>/g)];
    return {
      step: inTag(event, 'bizStep')[0] ?? '',
      epcs: inTag(event, 'epc'),
      classes: lists.map(([each]) => [inTag(each, 'epcClass')[0] ?? '', Number(inTag(each, 'quantity')[0])]),
      action: inTag(event, 'action')[0] ?? '',
      wrong: /errorDeclaration/.test(event),
    };
  });
}

type Json = Record<string, unknown>;
const list = <T>(value: unknown): T[] => (Array.isArray(value) ? value : []);

function seenInJson(text: string): Seen[] {
  const root = JSON.parse(text) as Json;
  const body = root['epcisBody'] as Json | undefined;
  const events = body === undefined ? [root] : list<Json>(body['eventList']);
  return events.map((event) => ({
    step: String(event['bizStep'] ?? ''),
    epcs: [...list<string>(event['epcList']), ...list<string>(event['childEPCs'])],
    classes: [...list<Json>(event['quantityList']), ...list<Json>(event['childQuantityList'])].map((each) => [
      String(each['epcClass']),
      Number(each['quantity']),
    ]),
    action: String(event['action']),
    wrong: event['errorDeclaration'] !== undefined,
  }));
}

const seenIn = (file: string): Seen[] => {
  const text = bytesOf(file).toString();
  return file.endsWith('.json') ? seenInJson(text) : seenInXml(text);
};

/** GTIN by a formula of this test's own: of the 14 digits, those at odd places count three times. */
function gtinOf(epc: string): string {
  const link = /\/01\/(\d{14})/.exec(epc)?.[1];
  if (link !== undefined) return link;
  const [, prefix = '', item = ''] = /gtin:(\d+)\.(\d+)\./.exec(epc) ?? [];
  const digits = [...(item.slice(0, 1) + prefix + item.slice(1))].map(Number);
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0);
  return [...digits, (1000 - sum) % 10].join('');
}

/** GTIN to thousandths. */
function unitsOf({ epcs, classes }: Seen): Map<string, number> {
  const units = new Map<string, number>();
  const add = (gtin: string, quantity: number): unknown =>
    units.set(gtin, (units.get(gtin) ?? 0) + Math.round(quantity * 1000));
  for (const epc of new Set(epcs)) add(gtinOf(epc), 1);
  for (const [text, quantity] of classes) add(gtinOf(text), quantity);
  return units;
}

function unitsIn(item: FeedItem): Map<string, number> {
  if (item.kind !== 'document') throw new Error(`no document but ${JSON.stringify(item)}`);
  const units = new Map<string, number>();
  for (const { way, body } of item.documents) {
    if (way !== 'movements') throw new Error(`${way} are not expected`);
    for (const { gtin = '', quantity } of body.lines) units.set(gtin, Math.round(Number(quantity) * 1000));
  }
  return units;
}

/** Receiving and shipping of goods that are named, and that nobody has taken back. */
const movesGoods = ({ step, epcs, classes, wrong }: Seen): boolean =>
  /(receiving|shipping)$/.test(step) &&
  !wrong &&
  [...epcs, ...classes.flat()].some((text) => /gtin:|\/01\//.test(`${text}`));
/** Why a valid event is set aside: somebody must say what it means. */
const FOR_A_PERSON = /declared wrong|made of others|word of the sender's own|logistic units only/;
const isValid = (file: string): boolean => !file.includes('/Invalid/');

describe.skipIf(folder === null)('documents of OpenEPCIS', () => {
  test('are all here', () => {
    expect(files.length).toBeGreaterThanOrEqual(66);
    expect(files.flatMap(seenIn).length).toBeGreaterThan(90);
  });

  test.each(files)('%s: nothing is dropped, and its goods are counted right', async (file) => {
    const seen = seenIn(file);
    const items = await readBytes(bytesOf(file));
    expect(items).toHaveLength(seen.length);
    for (const [index, event] of seen.entries()) {
      const item = items[index];
      if (item === undefined || !isValid(file)) continue;
      expect({ step: event.step, isDocument: item.kind === 'document' }).toEqual({
        step: event.step,
        isDocument: movesGoods(event),
      });
      if (item.kind === 'aside') expect(item.reason).toMatch(FOR_A_PERSON);
      if (item.kind !== 'document') continue;
      expect(unitsIn(item)).toEqual(unitsOf(event));
      expect(await refusal(item.documents[0])).toBeNull();
    }
  });

  test('the invalid ones are set aside, each event with its own reason', async () => {
    const reasons: Record<string, string[]> = {};
    for (const file of files.filter((each) => !isValid(each))) {
      const items = await readBytes(bytesOf(file));
      reasons[basename(file)] = items.map((item) => (item.kind === 'aside' ? item.reason : item.kind));
    }
    expect(reasons).toMatchInlineSnapshot(`
      {
        "Combination_of_events_with_missing_mandatory_fields.json": [
          "action is missing: send ADD, OBSERVE or DELETE.",
          "action is missing: send ADD, OBSERVE or DELETE; eventTimeZoneOffset is missing: send a string.",
        ],
        "Combination_of_non_standard_bizStep_and_disposition.json": [
          ""transforming" is no bizStep of the Core Business Vocabulary: write one of it, or a URI of your own vocabulary.",
          ""in_transport" is no disposition of the Core Business Vocabulary: write one of it, or a URI of your own vocabulary.",
        ],
        "ObjectEvent_bare_event_without_action.xml": [
          "action is missing: send ADD, OBSERVE or DELETE.",
        ],
        "ObjectEvent_with_ilmd_field_without_namespace.json": [
          "ilmd.materialType is no field of ilmd without a prefix of its vocabulary: leave it out, or check its spelling.",
        ],
        "ObjectEvent_with_invalid_certificationInfo.json": [
          "certificationInfo.1.gs1:CertificationDetails.gs1:certificationAuditDate is no date: write it as YYYY-MM-DD.",
        ],
        "ObjectEvent_with_invalid_eventTime_format.xml": [
          "eventTime is no time: send the time with its offset, for example 2026-11-21T10:15:00+01:00.",
        ],
        "ObjectEvent_with_non_standard_bizStep.json": [
          ""transforming" is no bizStep of the Core Business Vocabulary: write one of it, or a URI of your own vocabulary.",
        ],
        "ObjectEvent_with_non_standard_disposition.json": [
          ""in_transport" is no disposition of the Core Business Vocabulary: write one of it, or a URI of your own vocabulary.",
        ],
        "ObjectEvent_with_unknown_element.xml": [
          "madeUpField is no field of an ObjectEvent: leave it out, or check its spelling.",
        ],
        "ObjectEvent_with_unknown_field_in_quantityList.json": [
          "quantityList.0.weight is no field of a quantity: leave it out, or check its spelling.",
        ],
        "ObjectEvent_without_eventTime.xml": [
          "eventTime is missing: send a string.",
        ],
        "ObjectEvent_without_identifier_list.json": [
          "epcList is missing: name at least one thing that the event is about.",
        ],
      }
    `);
  });

  const twins = files.filter((file) => file.endsWith('.json') && isValid(file) && xmlOf(file) !== null);
  test.each(twins)('%s says the same in XML', async (file) => {
    for (const context of [contextOf(), withPlaces]) {
      const [json, xml] = [
        await readBytes(bytesOf(file), context),
        await readBytes(bytesOf(xmlOf(file) ?? ''), context),
      ];
      expect(json.map(meant)).toEqual(xml.map(meant));
    }
  });

  test.each(files.filter(isValid))('%s: each event alone is what it was', async (file) => {
    // Alone it no longer says that it is of EPCIS 1, whose order was free.
    for (const context of [contextOf({ epcis: { elementOrder: 'any' } }), withPlaces]) {
      for (const item of await readBytes(bytesOf(file), context)) {
        if (item.kind === 'passed') continue;
        expect(bytesOf(file).toString()).toContain(item.raw);
        const again = await readBytes(Buffer.from(item.raw), context);
        expect(again.map(meant)).toEqual([meant(item)]);
      }
    }
  });

  test('in pieces of any size they are the same', async () => {
    for (const file of files) {
      const whole = await readBytes(bytesOf(file));
      for (const size of [1, 7, 1024]) expect(await readBytes(bytesOf(file), contextOf(), size)).toEqual(whole);
    }
  });
});

const xmlOf = (file: string): string | null => {
  const twin = file.replace('/JSON/', '/XML/').replace(/json$/, 'xml');
  return files.includes(twin) ? twin : null;
};

const meant = (item: FeedItem): unknown => {
  if (item.kind === 'document') return item.documents;
  return item.kind === 'aside' ? item.reason : item.what;
};
