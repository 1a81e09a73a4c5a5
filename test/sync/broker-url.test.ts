// Brokers as people write them: what they mean, and what is said where they can't be used.
import { expect, test } from 'vitest';
import { readBrokerUrl } from '../../sync/broker-url.ts';
import { linkReason } from '../../sync/link-reasons.ts';

test.each([
  ['mqtt://broker', { tls: false, host: 'broker', port: 1883, where: 'broker:1883' }],
  ['mqtts://broker', { tls: true, port: 8883, username: undefined, password: undefined }],
  ['mqtt://[::1]:1884', { host: '::1', port: 1884, where: '[::1]:1884' }],
  ['mqtt://S001:100%25%20sure@broker', { username: 'S001', password: '100% sure' }],
])('%s', (url, address) => expect(readBrokerUrl(url)).toMatchObject(address));

test.each(['http://broker', 'mqtt://', 'broker'])('%s is no broker: the sentence says how to write one', (url) =>
  expect(readBrokerUrl(url)).toContain('mqtt://host:port'),
);

test.each(['mqtt://S001:100%@broker', 'mqtt://S0%zz1:secret@broker', 'mqtts://S001:%ff@broker'])(
  '%s: the stray percent sign is named, the password is not repeated',
  (url) => expect(readBrokerUrl(url)).toBe('Write a % in the user name or password of the broker as %25.'),
);

test('where nothing listens, the sentence asks whether it is running', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:1883'), { code: 'ECONNREFUSED' });
  expect(linkReason('broker:1883', refused)).toBe(
    'Broker broker:1883: Nothing answers there: is it running, and is the port right?',
  );
});
