// A batch: each document has the answer that it would have had alone, in order, and again.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOCUMENTS_AT_ONCE_MAX } from '../../core/limits/feeds.ts';
import { BatchOutput } from '../../protocol/local/batch.ts';
import { type Door, openDoor, sale } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const movement = (document: string) => ({
  ...{ kind: 'goods-received', workstation: '1', document, businessDate: '2026-11-21' },
  ...{ occurred: '2026-11-21T10:15:00+00:00', lines: [{ sku: 'A', quantity: 7 }] },
});
const reversal = (document: string, of: string) => ({
  ...{ workstation: '1', document, businessDate: '2026-11-21', occurred: '2026-11-21T10:20:00+00:00' },
  reverses: { kind: 'goods-received', workstation: '1', businessDate: '2026-11-21', document: of },
});
const post = (documents: unknown[]) => door.client.post<string>('/v1/batch', { documents });
const answersOf = (data: string): BatchOutput['answers'] => BatchOutput.parse(JSON.parse(data)).answers;

describe('a batch', () => {
  const documents = [
    { way: 'transactions', key: 'b1', body: sale('1') },
    { way: 'transactions', key: 'b2', body: sale('2', { lines: [{ sku: '', quantity: 1 }] }) },
    { way: 'transactions', key: 'b1', body: sale('3') },
    { way: 'movements', key: 'b4', body: movement('D1') },
    { way: 'reversals', key: 'b5', body: reversal('R1', 'D1') },
    { way: 'reversals', key: 'b6', body: reversal('R2', 'none') },
    { way: 'gifts', key: 'b7', body: {} },
    { way: 'transactions', key: 'with space', body: sale('8') },
    'nothing',
    { way: 'transactions', key: 'b10', body: sale('1', { total: '4' }) },
    {
      way: 'transactions',
      key: 'b11',
      body: sale('11', { lines: [{ sku: 'A', quantity: 1, description: '4111111111111111' }] }),
    },
  ];

  test('keeps what is right and refuses the rest by itself; the same again gives the same answers', async () => {
    const first = await post(documents);
    expect(first.status).toBe(200);
    const answers = answersOf(first.data);
    const told = answers.map(({ status, body }) => ('error' in body ? `${status} ${body.error.code}` : `${status}`));
    expect(told).toEqual([
      ...['201', '400 bad-body', '409 key-used', '201', '201', '404 no-such-document', '400 bad-body', '400 bad-key'],
      ...['400 bad-body', '409 number-used', '201'],
    ]);
    expect(answers.map(({ last }) => last !== undefined)).toEqual(told.map((each) => each === '201'));
    expect(answers.at(-1)?.masked).toBe('lines.0.description');
    expect(door.journal.facts.map(({ kept }) => kept.key.split('|')[3])).toEqual(['1', 'D1', 'R1', '11']);
    expect((await post(documents)).data).toBe(first.data);
  });

  test('each answer is the one that it has alone', async () => {
    const answers = answersOf((await post(documents)).data);
    for (const [index, document] of documents.entries()) {
      if (typeof document === 'string' || document.way === 'gifts') continue;
      const alone = await door.post(`/v1/${document.way}`, document.body, document.key);
      const { status, body, last, masked } = answers[index] ?? {};
      expect({ status, body }).toEqual({ status: alone.status, body: JSON.parse(alone.data) });
      expect([last, masked]).toEqual([alone.headers['tillwire-kept'], alone.headers['x-tillwire-masked']]);
    }
  });
});

test('what failed is unknown; the others have their answers', async () => {
  door.journal.interfere = ({ clientKey }) => (clientKey === 'u2' ? new Error('disk') : null);
  const documents = [1, 2, 3].map((n) => ({ way: 'transactions', key: `u${n}`, body: sale(`u${n}`) }));
  const answers = answersOf((await post(documents)).data);
  expect(answers.map(({ status }) => status)).toEqual([201, 503, 201]);
  door.journal.interfere = () => null;
  expect(answersOf((await post(documents)).data).map(({ status }) => status)).toEqual([201, 201, 201]);
});

test.each([[{}], [{ documents: [] }], [{ documents: {} }], [{ documents: [1], more: 1 }], [[]]])(
  '%j is no batch',
  async (body) => {
    const { status, data } = await door.client.post<string>('/v1/batch', body);
    expect([status, JSON.parse(data).error.code]).toEqual([400, 'bad-body']);
  },
);

test('more documents than one batch holds are refused whole', async () => {
  const before = door.journal.facts.length;
  const { status } = await post(Array.from({ length: DOCUMENTS_AT_ONCE_MAX + 1 }, () => ({})));
  expect([status, door.journal.facts.length]).toEqual([400, before]);
});
