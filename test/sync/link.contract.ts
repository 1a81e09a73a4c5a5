// What every line to a broker must do, whether MQTT.js runs here or in a worker.
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LINK_PACKET_BYTES_MAX } from '../../core/limits.ts';
import { type Broker, startBroker } from '../../main/broker.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import type { Dial, Link, LinkOptions } from '../../protocol/wire/link.ts';
import { freePort } from '../net.ts';
import { until } from '../wait.ts';

type Heard = { ups: number; downs: string[]; messages: { topic: string; text: string }[] };

/** `hasty` gives up a dial after 200 ms. */
export function linkContract(name: string, makeDial: () => { dial: Dial; hasty: Dial }): void {
  describe(name, () => {
    const { dial, hasty } = makeDial();
    const cleanups: (() => Promise<void> | void)[] = [];
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean();
    });

    async function broker(): Promise<Broker> {
      const started = await startBroker();
      cleanups.push(() => started.stop());
      return started;
    }

    /** Something that listens and is no broker. */
    async function stranger(answer: (socket: Socket) => void): Promise<string> {
      const server = createServer((socket) => answer(socket.on('error', () => {})));
      cleanups.push(() => void server.close());
      return `mqtt://127.0.0.1:${await listenOnLoopback(server)}`;
    }

    function open(url: string, over: Partial<LinkOptions> = {}, using = dial): { link: Link; heard: Heard } {
      const heard: Heard = { ups: 0, downs: [], messages: [] };
      const link = using(
        { url, clientId: 'client', subscriptions: ['down', 'other'], ...over },
        {
          up: () => {
            heard.ups += 1;
          },
          down: (reason) => heard.downs.push(reason),
          message: (topic, payload) => heard.messages.push({ topic, text: Buffer.from(payload).toString() }),
        },
      );
      cleanups.push(() => link.close());
      return { link, heard };
    }

    async function goesDown(heard: Heard): Promise<string> {
      await until(() => expect(heard.downs).toHaveLength(1));
      return heard.downs[0] ?? '';
    }

    test('is up once subscribed, hears both topics, and its bytes stay the caller’s', async () => {
      const { url } = await broker();
      const { link, heard } = open(url);
      await until(() => expect(heard.ups).toBe(1));
      const payload = Buffer.from('hello');
      await link.publish('down', payload);
      await link.publish('other', payload);
      await until(() => expect(heard.messages.map(({ topic }) => topic)).toEqual(['down', 'other']));
      expect([heard.messages[0]?.text, payload.toString()]).toEqual(['hello', 'hello']);
    });

    test('keeps what is published to be kept', async () => {
      const { url } = await broker();
      const first = open(url, { clientId: 'first' });
      await until(() => expect(first.heard.ups).toBe(1));
      await first.link.publish('other', Buffer.from('kept'), true);
      const { heard } = open(url);
      await until(() => expect(heard.messages).toEqual([{ topic: 'other', text: 'kept' }]));
    });

    test('closing tells down once, and nothing is published any more', async () => {
      const { url, aedes } = await broker();
      const { link, heard } = open(url);
      await until(() => expect(heard.ups).toBe(1));
      link.close();
      link.close();
      await expect(link.publish('down', Buffer.from('late'))).rejects.toThrow('no line');
      await goesDown(heard);
      await until(() => expect(aedes.connectedClients).toBe(0));
      expect(heard).toEqual({ ups: 1, downs: [expect.any(String)], messages: [] });
    });

    test('a broker that goes away is told once, unanswered publishes fail, the will is said', async () => {
      const { url, aedes, stop } = await broker();
      const said: string[] = [];
      aedes.on('publish', (packet) => said.push(packet.topic));
      aedes.authorizePublish = (client, packet, done) => {
        if (packet.topic !== 'never') done(null);
        else client?.conn.destroy();
      };
      const { link, heard } = open(url, { will: { topic: 'gone', payload: Buffer.from('bye') } });
      await until(() => expect(heard.ups).toBe(1));
      await expect(link.publish('never', Buffer.from('x'))).rejects.toThrow();
      await goesDown(heard);
      await until(() => expect(said).toContain('gone'));
      await stop();
      expect(heard.downs).toHaveLength(1);
    });

    test('nobody there, or a URL that cannot be: down with a reason', async () => {
      expect(await goesDown(open(`mqtt://127.0.0.1:${await freePort()}`).heard)).toContain('Nothing answers there');
      expect(await goesDown(open('http://somewhere').heard)).toContain('mqtt://host:port');
    });

    test('wrong password: told, without the password', async () => {
      const { port, aedes } = await broker();
      aedes.authenticate = (_client, username, password, done) =>
        done(null, username === 'S001' && password?.toString() === 'right @/');
      const refused = open(`mqtt://S001:secret@127.0.0.1:${port}`);
      const reason = await goesDown(refused.heard);
      expect(reason).toMatch(/refused|authori/i);
      expect(reason).not.toContain('secret');
      const { heard } = open(`mqtt://S001:${encodeURIComponent('right @/')}@127.0.0.1:${port}`);
      await until(() => expect(heard.ups).toBe(1));
    });

    test('a refused subscription is a failed dial', async () => {
      const { url, aedes } = await broker();
      aedes.authorizeSubscribe = (_client, subscription, done) =>
        done(null, subscription.topic === 'other' ? null : subscription);
      const { heard } = open(url);
      expect(await goesDown(heard)).toContain('subscription');
      expect(heard.ups).toBe(0);
    });

    test('what may be refused too is heard where it is granted, and no failure where it is not', async () => {
      const { url, aedes } = await broker();
      aedes.authorizeSubscribe = (_client, subscription, done) =>
        done(null, subscription.topic === 'forbidden' ? null : subscription);
      const { link, heard } = open(url, { alsoSubscribe: ['forbidden', 'granted'] });
      await until(() => expect(heard.ups).toBe(1));
      await link.publish('granted', Buffer.from('early'), true);
      for (const topic of ['forbidden', 'granted', 'down']) await link.publish(topic, Buffer.from('late'));
      await until(() => expect(heard.messages.map(({ topic }) => topic)).toContain('down'));
      await until(() => expect(heard.messages.map(({ topic }) => topic)).toContain('granted'));
      expect(heard.messages.filter(({ topic }) => topic === 'forbidden')).toEqual([]);
      expect(heard.downs).toEqual([]);
    });

    test('a listener that says nothing is given up', async () => {
      const url = await stranger(() => {});
      expect(await goesDown(open(url, {}, hasty).heard)).toContain('No answer in time');
    });

    test.each([
      ['HTML', Buffer.from('HTTP/1.1 200 OK\r\n\r\n<html>please log in</html>'.repeat(5))],
      ['noise', Buffer.from('ff00ff7f00112233445566778899', 'hex')],
      ['an acknowledgement of nothing', Buffer.from('4002ffff', 'hex')],
      ['a connection accepted, then a broken one', Buffer.from('2002000090010030', 'hex')],
    ])('%s instead of MQTT: down, never a crash (F32, F59)', async (_, bytes) => {
      const url = await stranger((socket) => socket.on('data', () => socket.write(bytes)));
      expect(await goesDown(open(url, {}, hasty).heard)).not.toBe('');
    });

    test('a packet beyond the bound is refused before it is collected', async () => {
      const rest = LINK_PACKET_BYTES_MAX + 1;
      const length = [rest & 127, (rest >> 7) & 127, (rest >> 14) & 127].map((byte, i) => (i < 3 ? byte | 128 : byte));
      const header = Buffer.from([0x20, 2, 0, 0, 0x30, ...length, rest >> 21]);
      const url = await stranger((socket) => socket.once('data', () => socket.write(header)));
      expect(await goesDown(open(url).heard)).toContain(`a packet of ${rest} bytes`);
    });
  });
}
