// Whatever comes in as EPCIS in JSON: items or a clear error, never a crash, never more memory than the bounds.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { epcis } from '../../capture/feeds/epcis/feed.ts';
import { maskRaw } from '../../capture/feeds/mask-raw.ts';
import { EPCIS_EVENT_LENGTH_MAX, EPCIS_KEPT_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { needSample } from '../needs.ts';
import { contextOf, documentIn, outcomeOf, readBytes, readText, reasonIn, refusal } from './epcis-reading.ts';

const jsonCases = needSample('06-torture/JSONTestSuite/test_parsing');
const naughty = needSample('06-torture/blns/blns.json');

const event = (serial: string | number, step = 'receiving'): string =>
  `{"type":"ObjectEvent","eventTime":"2026-11-21T10:00:00Z","eventTimeZoneOffset":"+00:00","action":"OBSERVE",` +
  `"bizStep":"${step}","epcList":["urn:epc:id:sgtin:0614141.107346.${serial}"]}`;
const documentOf = (...events: string[]): string =>
  `{"@context":[],"type":"EPCISDocument","epcisBody":{"eventList":[${events.join(',')}]}}`;

describe('JSON', () => {
  test.skipIf(jsonCases === null)(
    'of JSONTestSuite: no crash, and nothing that must not be read becomes a fact',
    async () => {
      const files = globSync('*.json', { cwd: jsonCases ?? '' });
      expect(files.length).toBeGreaterThan(150);
      for (const file of files) {
        const bytes = readFileSync(join(jsonCases ?? '', file));
        for (const form of [bytes, Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')])]) {
          const { items, stopped } = await outcomeOf(form);
          expect(items.filter(({ kind }) => kind === 'document')).toEqual([]);
          // An empty list is a document without events.
          if (!file.startsWith('n_') || form.toString().trim() === '[]') continue;
          const told = stopped !== null || items.some(({ kind }) => kind === 'aside');
          expect({ file, told }).toEqual({ file, told: true });
        }
      }
    },
  );

  test('a broken event does not hide its neighbours', async () => {
    const items = await readText(documentOf(event(1), '{"type" "ObjectEvent"}', 'nul', '7', '"x"', event(2)));
    expect(items.map(({ kind }) => kind)).toEqual(['document', 'aside', 'aside', 'aside', 'aside', 'document']);
    expect(reasonIn(items[1])).toMatch(/The event is no JSON: Colon ':' expected/);
    expect(reasonIn(items[3])).toMatch(/no event/);
  });

  test('what is broken around the events ends the reading; what came before stands', async () => {
    for (const broken of [
      documentOf(event(1)).slice(0, -1),
      `${documentOf(event(1))}}`,
      `${documentOf(event(1))}[]`,
      documentOf(event(1)).replace('[],', '[,],'),
      documentOf(event(1), ''),
      documentOf(event(1), '', event(2)),
      documentOf(event(1)).replace('"@context"', '@context'),
    ]) {
      const { items, stopped } = await outcomeOf(Buffer.from(broken));
      expect(items.map(({ kind }) => kind)).toEqual(['document']);
      expect(stopped).toMatch(/no JSON that can be read on/);
    }
  });

  test.each(['{}', '[{}]', '7', '', ' ', 'x', '{"type":"EPCISDocument","epcisBody":{}}', '{"eventList":[1]}'])(
    '%s is no document',
    async (text) => {
      const { items, stopped } = await outcomeOf(Buffer.from(text));
      expect(stopped !== null || items[0]?.kind === 'aside').toBe(true);
      expect(items.filter(({ kind }) => kind === 'document')).toEqual([]);
    },
  );

  test('a list, a query’s answer, a bare event, and names in escapes', async () => {
    const answer = `{"type":"EPCISQueryDocument","epcisBody":{"queryResults":{"resultsBody":{"eventList":[${event(1)}]}}}}`;
    const escaped = documentOf(event(1)).replace('"eventList"', '"event\\u004cist"');
    for (const text of [`[${event(1)}]`, answer, event(1), escaped, `\ufeff${documentOf(event(1))}`]) {
      const items = await readText(text);
      expect(items.map((item) => documentIn(item).body.lines)).toHaveLength(1);
    }
    expect(await readText(documentOf())).toEqual([]);
  });

  test('prototype keys and double keys are refused, and change nothing', async () => {
    const hostile = ['"__proto__":{"action":"ADD"}', '"constructor":1', '"action":"ADD"'];
    for (const pair of hostile) {
      const [item] = await readText(documentOf(event(1).replace('{', `{${pair},`)));
      expect(reasonIn(item)).toMatch(/__proto__|constructor|Duplicate key 'action'/);
    }
    const [without] = await readText(
      documentOf(event(1).replace('"action":"OBSERVE"', '"__proto__":{"action":"ADD"}')),
    );
    expect(reasonIn(without)).toMatch(/action is missing/);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('depth is bounded, inside events and around them', async () => {
    const deep = '['.repeat(100_000);
    const [first, second] = await readText(
      documentOf(event(1).replace('{', `{"x:y":${deep}${']'.repeat(100_000)},`), event(2)),
    );
    expect(reasonIn(first)).toMatch(/nested deeper than 64 levels/);
    expect(second?.kind).toBe('document');
    expect((await outcomeOf(Buffer.from(`{"a":${deep}`))).stopped).toMatch(/nested too deeply/);
    expect((await outcomeOf(Buffer.from(deep))).stopped).toMatch(/ends in the middle/);
  });

  test('an oversized event is set aside by its beginning, and the next one is read', async () => {
    const filler = 'x'.repeat(EPCIS_EVENT_LENGTH_MAX);
    const items = await readText(documentOf(event(1).replace('{', `{"x:y":"${filler}",`), event(2)), {}, 65_536);
    expect(items.map(({ kind }) => kind)).toEqual(['aside', 'document']);
    expect(items[0]).toMatchObject({ code: 'too-large' });
    expect(items[0]?.kind === 'aside' && items[0].raw.length).toBeLessThanOrEqual(EPCIS_KEPT_LENGTH_MAX);
    const around = await outcomeOf(Buffer.from(`{"a":"${filler}${filler}"}`));
    expect(around.stopped).toMatch(/too much around/);
  });

  test('what nobody means is not looked at closely', async () => {
    const quantities = Array.from({ length: 20_001 }, () => '{}').join(',');
    const fields = Array.from({ length: 1_001 }, (_, n) => `"x:${n}":1`).join(',');
    const [many, wide] = await readText(
      documentOf(
        event(1).replace('"epcList"', `"quantityList":[${quantities}],"epcList"`),
        event(1).replace('{', `{${fields},`),
      ),
    );
    expect(reasonIn(many)).toMatch(/quantityList has 20001 entries/);
    expect(reasonIn(wide)).toMatch(/the event has 1007 fields/);
  });

  test('bytes that are no text', async () => {
    expect((await outcomeOf(Buffer.from([0x7b, 0xff, 0x7d]))).stopped).toMatch(/no utf-8/);
    const utf16 = Buffer.from(`\ufeff${documentOf(event(1))}`, 'utf16le');
    expect((await readBytes(utf16)).map(({ kind }) => kind)).toEqual(['document']);
  });
});

describe('sizes', () => {
  test('tens of megabytes of events stream by', async () => {
    const count = 20_000;
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"type":"EPCISDocument","epcisBody":{"eventList":[');
      const page = Array.from({ length: 500 }, (_, n) => event(n, 'inspecting').padEnd(500)).join(',');
      for (let at = 0; at < count; at += 500) yield Buffer.from(at === 0 ? page : `,${page}`);
      yield Buffer.from(']}}');
    }
    let items = 0;
    for await (const item of epcis.read(source(), contextOf())) items += item.kind === 'passed' ? 1 : 0;
    expect(items).toBe(count);
  });

  test('a count of fifty thousand tags is one sheet', async () => {
    const epcs = Array.from(
      { length: 50_000 },
      (_, n) => `urn:epc:id:sgtin:0614141.1${String(n % 900).padStart(5, '0')}.${n}`,
    );
    const counted = { ...JSON.parse(event(1, 'cycle_counting')), epcList: epcs };
    const [item] = await readText(documentOf(JSON.stringify(counted)));
    const document = documentIn(item);
    expect(document.body.lines).toHaveLength(900);
    expect(await refusal(document)).toBeNull();
  });

  test('more articles than a document holds are set aside', async () => {
    const epcs = Array.from({ length: 2_001 }, (_, n) => `urn:epc:id:sgtin:0614141.1${String(n).padStart(5, '0')}.1`);
    const [item] = await readText(documentOf(JSON.stringify({ ...JSON.parse(event(1)), epcList: epcs })));
    expect(item).toMatchObject({ kind: 'aside', code: 'too-large' });
  });
});

test.skipIf(naughty === null)('naughty strings in every text field', async () => {
  const texts = JSON.parse(readFileSync(naughty ?? '', 'utf8')) as string[];
  const fields = ['eventID', 'bizStep', 'disposition', 'parentID', 'eventTime', 'action', 'type'];
  for (const text of texts) {
    for (const field of fields) {
      const named = JSON.stringify({ ...JSON.parse(event(1)), [field]: text });
      const [item, ...others] = await readText(documentOf(named));
      expect(others).toEqual([]);
      if (item?.kind === 'document') expect(await refusal(item.documents[0])).toBeNull();
    }
    const listed = {
      epcList: [text],
      readPoint: { id: text },
      bizTransactionList: [{ type: 'po', bizTransaction: text || '-' }],
    };
    for (const [field, value] of Object.entries(listed)) {
      const [item] = await readText(JSON.stringify({ ...JSON.parse(event(1)), [field]: value }));
      if (item?.kind === 'document') expect(await refusal(item.documents[0])).toBeNull();
    }
  }
});

test('EPCs are never painted over as card numbers, a card number in an extension is', () => {
  const raw = event('4111111111111111').replace('{', '{"x:note":"4111 1111 1111 1111",');
  const { raw: painted } = maskRaw(raw, epcis.identifiers);
  expect(painted).toContain('107346.4111111111111111');
  expect(painted).not.toContain('4111 1111');
});
