// The room of webhooks: who may post, what is answered once it is on disk, and what is answered where it is not.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VENDORS, WebhookOutput } from '../../protocol/local/webhooks.ts';
import { TOKEN } from './door.ts';
import { NOTIFY, openWebhookDoor, SECRET, SOLD, settingsOf, signed, type WebhookDoor } from './webhook-door.ts';

let door: WebhookDoor;
beforeEach(async () => {
  door = await openWebhookDoor();
});
afterEach(() => door.close());

const bearer = { authorization: `Bearer ${TOKEN}` };
const counts = { captured: 0, duplicates: 0, setAside: 0, passed: 0, masked: 0, notes: [] };

describe.each(VENDORS)('%s', (vendor) => {
  test('signed and posted thrice it is one sale, and the relay hears so', async () => {
    door.settings(vendor, settingsOf(vendor));
    const answers = [];
    for (let nth = 0; nth < 3; nth++) answers.push(await door.send(vendor, SOLD[vendor]));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ answer }) => WebhookOutput.parse(answer))).toEqual([
      { ...counts, captured: 1 },
      { ...counts, duplicates: 1 },
      { ...counts, duplicates: 1 },
    ]);
    expect(door.journal.facts.map(({ captured: { content, feed } }) => [feed, content.kind])).toEqual([
      [`${vendor}:main`, 'sale'],
    ]);
  });

  test('a missing, foreign, cut or stolen signature opens nothing, a token neither', async () => {
    door.settings(vendor, settingsOf(vendor));
    const body = JSON.stringify(SOLD[vendor]);
    const right = signed(vendor, body);
    const [[name = '', value = '']] = Object.entries(right) as [[string, string]];
    const shown = [
      {},
      bearer,
      signed(vendor, body, 'another secret'),
      { [name]: value.replace(/[0-9A-Za-z+/]{4}(?==|,)/, 'AAAA') },
      { [name]: '' },
      { [name]: `x${value}` },
      { [name]: value.includes('HMAC') ? value.replace('SHA256', 'MD5') : `${value}A` },
    ];
    for (const headers of shown) {
      const { status, answer } = await door.send(vendor, body, headers);
      expect([status, answer.error?.code]).toEqual([401, 'bad-signature']);
    }
    // The same signature for another body, be it only a space.
    expect((await door.send(vendor, `${body} `, right)).status).toBe(401);
    expect(door.journal.facts).toEqual([]);
    expect((await door.send(vendor, body, right)).status).toBe(200);
  });

  test('without a secret a token is asked for', async () => {
    door.settings(vendor, { settings: { timeZone: 'Europe/London', currency: 'GBP' } });
    expect(await door.send(vendor, SOLD[vendor], {})).toMatchObject({
      status: 401,
      answer: { error: { code: 'no-token' } },
    });
    const wrong = { authorization: 'Bearer x' };
    expect((await door.send(vendor, SOLD[vendor], wrong)).status).toBe(401);
    expect((await door.send(vendor, SOLD[vendor], bearer)).answer).toMatchObject({ captured: 1 });
  });

  test('without settings it says what to create', async () => {
    const { status, answer } = await door.send(vendor, SOLD[vendor]);
    expect([status, answer.error?.code]).toEqual([404, 'no-webhook']);
    expect(answer.error?.message).toContain(`webhooks/${vendor}.json`);
  });
});

describe('settings', () => {
  test.each([
    ['no JSON', '{', /not valid JSON/],
    ['a field that is none', { secrets: 'abcdefghij' }, /secrets is not a field/],
    ['a short secret', { secret: 'abc' }, /secret is too short/],
    ['a zone that is none', { settings: { timeZone: 'Mars' } }, /settings.timeZone .*IANA/],
    ['another feed', { settings: { feed: 'vend' } }, /settings.feed/],
    ['a secret without the address that is signed', { secret: SECRET }, /notificationUrl is missing: send the address/],
  ])('%s', async (_, settings, sentence) => {
    door.settings('square', settings);
    const { status, answer } = await door.send('square', SOLD.square);
    expect([status, answer.error?.code]).toEqual([409, 'bad-webhook']);
    expect(answer.error?.message).toMatch(sentence);
    expect(answer.error?.message).not.toContain(SECRET);
  });

  test.skipIf(process.platform === 'win32')('a file that others may read is refused', async () => {
    door.settings('shopify', settingsOf('shopify'), 0o644);
    const { status, answer } = await door.send('shopify', SOLD.shopify);
    expect([status, answer.error?.message]).toEqual([409, expect.stringMatching(/0600/)]);
  });

  test('a mended file counts at once; the agent without a folder says what to create', async () => {
    door.settings('shopify', '{');
    expect((await door.send('shopify', SOLD.shopify)).status).toBe(409);
    door.settings('shopify', settingsOf('shopify'));
    expect((await door.send('shopify', SOLD.shopify)).status).toBe(200);
    const bare = await openWebhookDoor({ webhookFolder: undefined });
    expect((await bare.send('shopify', SOLD.shopify)).status).toBe(404);
    await bare.close();
  });
});

describe('the door’s own rules hold', () => {
  beforeEach(() => door.settings('shopify', settingsOf('shopify')));
  const body = JSON.stringify(SOLD.shopify);
  const post = (headers: Record<string, string>) =>
    door.send('shopify', body, { ...signed('shopify', body), ...headers });

  test('host, origin, method, type, size', async () => {
    expect((await post({ host: 'evil.example' })).answer.error?.code).toBe('wrong-host');
    expect((await post({ origin: 'https://evil.example' })).answer.error?.code).toBe('wrong-origin');
    expect((await post({ 'content-type': 'text/plain' })).answer.error?.code).toBe('not-json');
    expect((await post({ 'content-encoding': 'gzip' })).answer.error?.code).toBe('not-json');
    expect((await door.client.get('/v1/webhooks/shopify')).status).toBe(405);
    expect((await door.client.post('/v1/webhooks/amazon', body)).status).toBe(404);
    const large = JSON.stringify({ text: 'x'.repeat(1_100_000) });
    expect((await door.send('shopify', large)).answer.error?.code).toBe('body-too-large');
    expect(door.journal.facts).toEqual([]);
  });

  test('whoever guesses signatures is made to wait', async () => {
    const statuses = new Set<number>();
    for (let nth = 0; nth < 150 && !statuses.has(429); nth++) {
      statuses.add((await door.send('shopify', body, { 'x-shopify-hmac-sha256': String(nth) })).status);
    }
    expect([...statuses]).toEqual([401, 429]);
  });

  test('a token that is bound to a workstation speaks for no shop system', async () => {
    const tills = await openWebhookDoor({
      till: (token) =>
        token === 'bound'
          ? { name: 'T', workstation: '7' }
          : token === 'free'
            ? { name: 'R', workstation: null }
            : null,
    });
    tills.settings('shopify', { settings: { timeZone: 'Europe/London' } });
    const as = (token: string) => tills.send('shopify', body, { authorization: `Bearer ${token}` });
    expect((await as('bound')).answer.error?.code).toBe('wrong-workstation');
    expect((await as('free')).answer).toMatchObject({ captured: 1 });
    await tills.close();
  });
});

describe('what became of it', () => {
  beforeEach(() => {
    door.settings('shopify', settingsOf('shopify'));
    door.settings('vend', settingsOf('vend'));
  });

  test('the topic of the header counts, and why something was passed or set aside is told', async () => {
    const body = JSON.stringify(SOLD.shopify);
    const draft = await door.send('shopify', body, {
      ...signed('shopify', body),
      'x-shopify-topic': 'draft_orders/create',
    });
    expect(draft.answer).toMatchObject({ captured: 0, passed: 1, notes: [expect.stringMatching(/is a draft/)] });
    const odd = await door.send('shopify', { surprise: 1 });
    expect(odd).toMatchObject({
      status: 200,
      answer: { setAside: 1, notes: [expect.stringMatching(/^Set aside: .*surprise/)] },
    });
    await door.send('shopify', { surprise: 1 });
    expect(door.journal.items).toHaveLength(1);
  });

  test('nothing is acknowledged that is not on disk', async () => {
    door.journal.interfere = () => new Error('the disk fell off');
    expect(await door.send('shopify', SOLD.shopify)).toMatchObject({
      status: 503,
      answer: { error: { code: 'unknown' } },
    });
    door.journal.interfere = () => ({ kind: 'refused', reason: 'queue-full', message: 'full' });
    expect(await door.send('shopify', SOLD.shopify)).toMatchObject({
      status: 503,
      answer: { error: { code: 'busy' } },
    });
    door.journal.interfere = () => ({ kind: 'refused', reason: 'disk-full', message: 'full' });
    expect(await door.send('shopify', SOLD.shopify)).toMatchObject({
      status: 507,
      answer: { error: { code: 'disk-full' } },
    });
    door.journal.interfere = () => null;
    expect((await door.send('shopify', SOLD.shopify)).answer).toMatchObject({ captured: 1 });
  });

  test('card numbers do not enter, and the relay is told', async () => {
    const typed = {
      ...(SOLD.shopify as object),
      line_items: [{ id: 1, sku: 'A', name: 'card 4111111111111111', quantity: 1 }],
    };
    expect((await door.send('shopify', typed)).answer).toMatchObject({ captured: 1, masked: 1 });
    await door.send('shopify', { note: 'card 4111111111111111' });
    expect(JSON.stringify([door.journal.facts, door.journal.items])).not.toContain('4111111111111111');
  });

  test('Vend’s own form is read where it is signed, and no other form', async () => {
    const form = new URLSearchParams({ payload: JSON.stringify(SOLD.vend), environment: 'prod' }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    expect((await door.send('vend', form, { ...signed('vend', form), ...type })).answer).toMatchObject({ captured: 1 });
    expect((await door.send('vend', form, { ...signed('vend', form, 'wrong secret'), ...type })).status).toBe(401);
    const empty = 'environment=prod';
    expect((await door.send('vend', empty, { ...signed('vend', empty), ...type })).status).toBe(400);
    expect((await door.send('shopify', form, { ...signed('shopify', form), ...type })).status).toBe(415);
    door.settings('vend', { settings: {} });
    expect((await door.send('vend', form, { ...bearer, ...type })).status).toBe(415);
  });

  test('Square signs the address that it was told to call', async () => {
    door.settings('square', settingsOf('square', { notificationUrl: `${NOTIFY}/` }));
    expect((await door.send('square', SOLD.square)).status).toBe(401);
    door.settings('square', settingsOf('square'));
    expect((await door.send('square', SOLD.square)).status).toBe(200);
  });
});
