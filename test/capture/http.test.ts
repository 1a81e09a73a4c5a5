// The capture door: who gets in, what is answered, and that an answer means what it says (L1).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureOpenApi } from '../../capture/openapi.ts';
import { WAYS_IN } from '../../capture/ways.ts';
import { BODY_BYTES_MAX, IDEMPOTENCY_KEY_LENGTH_MAX } from '../../core/limits.ts';
import { BATCH_REFUSALS } from '../../protocol/local/batch.ts';
import { CAPTURE_ERROR_STATUS, CaptureError } from '../../protocol/local/capture.ts';
import { KeptOutput } from '../../protocol/local/transaction.ts';
import { type Door, openDoor, sale } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

/** Status and code, after checking that the body is one that the contract knows. */
const refusal = (response: { status: number; data: string }): string => {
  const { error } = CaptureError.parse(JSON.parse(response.data));
  expect(response.status).toBe(CAPTURE_ERROR_STATUS[error.code]);
  return `${response.status} ${error.code}`;
};

describe('capturing', () => {
  test('201 says what is kept; the same again, under this key or another, says it in the same bytes', async () => {
    const first = await door.post('/v1/transactions', sale('10'), 'k10');
    expect(first.status).toBe(201);
    const kept = KeptOutput.parse(JSON.parse(first.data));
    expect(kept).toMatchObject({ store: 'S001', key: 'S001|1|2026-11-21|10|sale', epoch: { ordinal: 1 } });
    const later = sale('10', { sentAt: '2026-11-21T10:17:00+00:00' });
    for (const key of ['k10', 'k10b']) {
      const again = await door.post('/v1/transactions', later, key);
      expect([again.status, again.data]).toEqual([201, first.data]);
    }
    expect(door.journal.facts.filter(({ kept: { key } }) => key === kept.key)).toMatchObject([
      { captured: { feed: 'http', clientKey: 'k10', skew: { ms: 2000 }, content: { lines: [{ quantity: 2500 }] } } },
    ]);
  });

  test('a movement is captured likewise; a traceparent is kept', async () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { lines: _lines, currency: _currency, total: _total, receipt: _receipt, ...rest } = sale();
    const movement = { ...rest, kind: 'goods-received', document: 'D1', lines: [{ sku: 'A', quantity: 7 }] };
    const response = await door.post('/v1/movements', movement, 'm1', { headers: { traceparent: trace } });
    expect(response.status).toBe(201);
    expect(door.journal.facts.at(-1)).toMatchObject({ captured: { trace, content: { document: 'D1' } } });
  });

  test('the same key with another body is a conflict that changes nothing', async () => {
    const first = await door.post('/v1/transactions', sale('20'), 'k20');
    const before = [door.journal.facts.length, door.journal.items.length];
    const other = await door.post('/v1/transactions', sale('21'), 'k20');
    expect(refusal(other)).toBe('409 key-used');
    expect(JSON.parse(other.data).error.kept).toEqual(JSON.parse(first.data));
    expect([door.journal.facts.length, door.journal.items.length]).toEqual(before);
  });

  test('the same number with another body is a conflict, and the body is kept aside once (D3)', async () => {
    const card = '4111111111111111';
    await door.post('/v1/transactions', sale('30'), 'k30');
    const facts = door.journal.facts.length;
    const lines = [{ sku: card, quantity: 1, description: `voucher ${card}` }];
    for (const key of ['k31', 'k31', 'k32']) {
      const other = await door.post('/v1/transactions', sale('30', { lines }), key);
      expect(refusal(other)).toBe('409 number-used');
      expect(JSON.parse(other.data).error.kept.key).toBe('S001|1|2026-11-21|30|sale');
    }
    expect(door.journal.facts).toHaveLength(facts);
    const items = door.journal.items.filter(({ receipt }) => receipt === '30');
    expect(items).toMatchObject([{ feed: 'http', source: '1', code: 'key-conflict', rows: 1 }]);
    const { raw = '', masked = [] } = items[0] ?? {};
    expect(JSON.parse(raw)).toMatchObject({
      receipt: '30',
      lines: [{ sku: card, description: `voucher ${'*'.repeat(16)}` }],
    });
    expect(masked.map(([from, to]) => raw.slice(from, to))).toEqual(['*'.repeat(16)]);
  });

  test('the till is told what was masked, and refused where a card number would be kept (L12)', async () => {
    const lines = [{ sku: 'A', quantity: 1, description: 'card 4111 1111 1111 1111' }];
    const masked = await door.post('/v1/transactions', sale('40', { lines }), 'k40');
    expect([masked.status, masked.headers['x-tillwire-masked']]).toEqual([201, 'lines.0.description']);
    const refused = await door.post('/v1/transactions', sale('41', { customer: '4111111111111111' }), 'k41');
    expect(refusal(refused)).toBe('400 card-number');
    expect(refused.data).not.toContain('4111');
    expect(JSON.stringify(door.journal.facts)).not.toContain('4111 1111');
  });
});

describe('bad bodies', () => {
  test.each([
    ['{"kind": "sale",}', 16],
    ['{"a": tru}', 9],
    ['[1, 2', 5],
    ['', 0],
    ['{"a": "x\u0001"}', 8],
    ['{"a": 1} x', 9],
  ])('%j: the mistake is behind character %i', async (text, position) => {
    const response = await door.post('/v1/transactions', Buffer.from(text), 'bad', {
      headers: { 'content-type': 'application/json' },
    });
    expect(refusal(response)).toBe('400 bad-json');
    expect(JSON.parse(response.data).error.position).toBe(position);
  });

  test('every field that is wrong is named with the fix', async () => {
    const body = sale('50', { kind: 'gift', currency: 'euro', lines: [{ sku: '', quantity: 1.5, price: 1 }] });
    const response = await door.post('/v1/transactions', { ...body, workstation: undefined }, 'bad');
    expect(refusal(response)).toBe('400 bad-body');
    expect(CaptureError.parse(JSON.parse(response.data)).error.issues).toEqual([
      { field: 'kind', problem: 'is not valid', fix: 'use one of "sale", "return", "void"' },
      { field: 'workstation', problem: 'is missing', fix: 'send a string' },
      { field: 'currency', problem: 'is not valid', fix: 'write an ISO 4217 code such as EUR' },
      { field: 'lines.0.sku', problem: 'is too short', fix: expect.stringContaining('printable characters') },
      { field: 'lines.0.quantity', problem: 'is not valid', fix: expect.stringContaining('with a decimal point') },
      {
        field: 'lines.0.price',
        problem: 'is not a field of this document',
        fix: 'leave it out, or check its spelling',
      },
    ]);
  });

  test.each([null, [], 'text', 7, { lines: null }])('%j is no document', async (body) => {
    const response = await door.post('/v1/movements', Buffer.from(JSON.stringify(body)), 'bad', {
      headers: { 'content-type': 'application/json' },
    });
    expect(refusal(response)).toBe('400 bad-body');
  });

  test.each([undefined, '', 'with space', 'ß', 'x'.repeat(IDEMPOTENCY_KEY_LENGTH_MAX + 1)])(
    'the idempotency key %j is refused',
    async (key) => {
      const headers = key === undefined ? {} : { 'idempotency-key': Buffer.from(key).toString('latin1') };
      expect(refusal(await door.client.post('/v1/transactions', sale('60'), { headers }))).toBe('400 bad-key');
    },
  );

  test('text that is not UTF-8 is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.from('{"kind":"\xff"}', 'latin1');
    expect(refusal(await door.post('/v1/transactions', body, 'bad', { headers }))).toBe('400 bad-json');
  });

  test('too large is refused before it is read into memory', async () => {
    const response = await door.post('/v1/transactions', sale('70', { operator: 'x'.repeat(BODY_BYTES_MAX) }), 'big');
    expect(refusal(response)).toBe('413 body-too-large');
    const headers = { 'content-type': 'application/json' };
    const chunked = await fetch(`${door.url}/v1/transactions`, {
      method: 'POST',
      headers: { ...headers, authorization: door.client.defaults.headers['authorization'] as string },
      body: new Blob([' '.repeat(2 * BODY_BYTES_MAX)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(refusal({ status: chunked.status, data: await chunked.text() })).toBe('413 body-too-large');
  });
});

describe('who gets in', () => {
  const post = (headers: Record<string, string>) => door.post('/v1/transactions', sale('80'), 'door', { headers });

  test.each([
    ['another host name', { host: 'evil.test' }, '403 wrong-host'],
    ['this host without port', { host: '127.0.0.1' }, '403 wrong-host'],
    ['a page of another site', { origin: 'https://evil.test' }, '403 wrong-origin'],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, '403 wrong-origin'],
    ['a sandboxed page', { origin: 'null' }, '403 wrong-origin'],
    ['no token', { authorization: '' }, '401 no-token'],
    ['a wrong token', { authorization: 'Bearer a-token-of-this-agenT' }, '401 no-token'],
    ['the token of another scheme', { authorization: 'Basic a-token-of-this-agent' }, '401 no-token'],
    ['plain text', { 'content-type': 'text/plain' }, '415 not-json'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, '415 not-json'],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }, '415 not-json'],
    ['a compressed body', { 'content-encoding': 'gzip' }, '415 not-json'],
  ])('%s is turned away and nothing is kept', async (_who, headers, told) => {
    const before = door.journal.facts.length;
    expect(refusal(await post(headers))).toBe(told);
    expect(door.journal.facts).toHaveLength(before);
  });

  test('localhost and the own origin come in', async () => {
    const port = new URL(door.url).port;
    const response = await post({ host: `localhost:${port}`, origin: `http://localhost:${port}` });
    expect(response.status).toBe(201);
  });

  test('another method is told the right one; another path is not ours', async () => {
    const get = await door.client.get('/v1/transactions');
    expect([refusal(get), get.headers['allow']]).toEqual(['405 wrong-method', 'POST']);
    for (const path of ['/', '/v1', '/v1/other', '/v1/transactions/1']) {
      expect((await door.client.get(path)).status).toBe(404);
    }
  });
});

test.each([
  ['a full disk', { kind: 'refused', reason: 'disk-full', message: '' }, '507 disk-full', undefined],
  ['a full queue', { kind: 'refused', reason: 'queue-full', message: '' }, '503 busy', '1'],
  ['a fact beyond the bound', { kind: 'refused', reason: 'too-large', message: '' }, '413 fact-too-large', undefined],
  ['a fault of the journal', new Error('secret path'), '503 unknown', '1'],
] as const)('%s is not a 201, and the retry is', async (_what, instead, told, retryAfter) => {
  const other = await openDoor();
  try {
    other.journal.interfere = () => instead;
    const response = await other.post('/v1/transactions', sale(), 'k');
    expect([refusal(response), response.headers['retry-after']]).toEqual([told, retryAfter]);
    expect(response.data).not.toContain('secret');
    other.journal.interfere = () => null;
    expect((await other.post('/v1/transactions', sale(), 'k')).status).toBe(201);
  } finally {
    await other.close();
  }
});

test('a conflict that cannot be kept aside is "unknown": the till asks again', async () => {
  const other = await openDoor();
  try {
    await other.post('/v1/transactions', sale(), 'a');
    other.journal.keepAside = () => Promise.reject(new Error('disk'));
    expect(refusal(await other.post('/v1/transactions', sale('1001', { total: '4' }), 'b'))).toBe('503 unknown');
  } finally {
    await other.close();
  }
});

test('the OpenAPI document is served without token and describes what the door does', async () => {
  const served = await door.client.get('/v1/openapi.json', { headers: { authorization: '' } });
  const document = await captureOpenApi();
  expect(JSON.parse(served.data)).toEqual(JSON.parse(JSON.stringify(document)));
  expect(document.openapi).toMatch(/^3\.1/);
  const others = ['/v1/batch', '/v1/webhooks/{vendor}'];
  expect(Object.keys(document.paths ?? {})).toEqual([...WAYS_IN.map((name) => `/v1/${name}`), ...others]);
  const statuses = new Set(
    Object.entries(CAPTURE_ERROR_STATUS).flatMap(([code, status]) =>
      code === 'bad-mapping' || code === 'bad-file' ? [] : [String(status)],
    ),
  );
  const batch = document.paths?.['/v1/batch']?.post;
  expect(new Set(Object.keys(batch?.responses ?? {}))).toEqual(
    new Set(['200', ...BATCH_REFUSALS.map((code) => String(CAPTURE_ERROR_STATUS[code]))]),
  );
  for (const name of WAYS_IN) {
    const operation = document.paths?.[`/v1/${name}`]?.post;
    expect(new Set(Object.keys(operation?.responses ?? {}))).toEqual(new Set(['201', ...statuses]));
    expect(operation?.parameters).toMatchObject([
      { name: 'idempotency-key', in: 'header', required: true, schema: { maxLength: IDEMPOTENCY_KEY_LENGTH_MAX } },
      { name: 'tillwire-last', in: 'header', schema: { type: 'string' } },
    ]);
    expect(operation?.responses?.['409']).toMatchObject({
      description: expect.stringContaining('`number-used`'),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/CaptureError' } } },
    });
    expect(operation?.responses?.['201']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Kept' } } },
    });
  }
  expect(document.components?.schemas?.['Transaction']).toMatchObject({
    additionalProperties: false,
    required: ['kind', 'workstation', 'receipt', 'businessDate', 'occurred', 'lines'],
  });
  expect(document.components?.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
});
