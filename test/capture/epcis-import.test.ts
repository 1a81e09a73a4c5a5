// A file of EPCIS events through the import into a journal, and what was set aside driven again, once.
import { expect, test } from 'vitest';
import { epcis } from '../../capture/feeds/epcis/feed.ts';
import { event } from './epcis-reading.ts';
import { balanced, importLines, redriveLines, settingsOf } from './feeds.ts';
import { memoryJournal } from './memory-journal.ts';

const settings = (own: Record<string, unknown> = {}) => settingsOf({ feed: 'epcis', epcis: own });
const name = (digit: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${digit}`;
const json = JSON.stringify({
  type: 'EPCISDocument',
  epcisBody: {
    eventList: [
      event({ eventID: name(1) }),
      event({ eventID: name(2), bizStep: 'arriving' }),
      event({ eventID: name(3), bizStep: 'cycle_counting' }),
      event({ eventID: name(4), bizStep: 'inspecting' }),
      event({ eventID: name(5), action: undefined }),
    ],
  },
});
/** The first of them. */
const xml = `<?xml version="1.0"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2"><EPCISBody><EventList><ObjectEvent>
  <eventTime>2026-11-21T09:15:00.123456789Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
  <eventID>${name(1)}</eventID>
  <epcList><epc>urn:epc:id:sgtin:0614141.107346.1</epc><epc>urn:epc:id:sgtin:0614141.107346.2</epc></epcList>
  <action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>
  <bizLocation><id>urn:epc:id:sgln:0012345.11111.0</id></bizLocation>
</ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>`;

test('every event is in one class; the same file, and the same event in XML, is known', async () => {
  const journal = memoryJournal();
  const first = await importLines(journal, json, settings(), epcis);
  expect(first).toMatchObject({ items: 5, captured: 2, movements: 1, counts: 1, setAside: 2, passed: 1 });
  expect(balanced(first)).toBe(true);
  const again = await importLines(journal, json, settings(), epcis);
  expect(again).toMatchObject({ captured: 0, duplicates: 2, setAside: 2, setAsideNew: 0 });
  expect(await importLines(journal, xml, settings(), epcis)).toMatchObject({ captured: 0, duplicates: 1 });
});

test('what the settings explain is captured once when it is driven again; what is wrong stays', async () => {
  const journal = memoryJournal();
  await importLines(journal, json, settings(), epcis);
  const mended = settings({ steps: { arriving: 'receiving' } });
  expect(await redriveLines(journal, mended, epcis)).toMatchObject({ items: 2, resolved: 1, captured: 1, left: 1 });
  expect(await redriveLines(journal, mended, epcis)).toMatchObject({ items: 1, resolved: 0, left: 1 });
  expect(journal.facts.map(({ fact }) => fact.content.kind)).toEqual(['goods-received', 'stocktake', 'goods-received']);
});

test('a broken end leaves what came before', async () => {
  const journal = memoryJournal();
  await expect(importLines(journal, json.slice(0, -1), settings(), epcis)).rejects.toThrow(
    /no JSON that can be read on.*2 captured/,
  );
  expect(journal.facts).toHaveLength(2);
});
