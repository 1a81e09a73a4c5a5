// What every way to let stores in at a broker must do: who comes in, with what, and where it may speak and listen.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Admitted, BrokerAccess } from '../../../central/broker-access/port.ts';
import { centralRights, storeRights } from '../../../central/broker-access/rights.ts';
import {
  centralPresenceTopic,
  configTopic,
  downTopic,
  presenceTopic,
  shardOf,
  upTopic,
} from '../../../protocol/wire/topics.ts';
import { until } from '../../wait.ts';
import { type Heard, mustSignIn, REFUSED, type Shown, says, signIn, subscribes } from './clients.ts';

export type AccessRig = {
  url: string;
  access: BrokerAccess;
  /** How central signs in. */
  central: Shown;
  /** What the computer of a store has besides user name and password. */
  certificateOf(admitted: Admitted): Promise<Partial<Shown>>;
  stop(): Promise<void>;
};

export const admittedFor = (store: string, device: string): Admitted => ({
  ...{ store, device, username: device },
  clientId: `tillwire-${store}`,
});

const [first, second] = [admittedFor('S001', 'd000000000001'), admittedFor('S002', 'd000000000002')];
const otherShard = (shardOf('S001') + 1) % 64;

export function accessContract(name: string, openRig: () => Promise<AccessRig>): void {
  describe(name, () => {
    async function rig() {
      const made = await openRig();
      onTestFinished(() => made.stop());
      const shown = async (who: Admitted, password: string): Promise<Shown> => ({
        ...(await made.certificateOf(who)),
        ...{ clientId: who.clientId, username: who.username, password },
      });
      const comesIn = async (who: Admitted, password: string, over: Partial<Shown> = {}): Promise<Heard> =>
        mustSignIn(made.url, { ...(await shown(who, password)), ...over });
      const isRefused = async (who: Admitted, password: string, over: Partial<Shown> = {}): Promise<boolean> =>
        (await signIn(made.url, { ...(await shown(who, password)), ...over })) === REFUSED;
      /** Hears what central hears. */
      const central = async (): Promise<Heard> => {
        const heard = await mustSignIn(made.url, made.central);
        for (const topic of centralRights.subscribe) expect(await subscribes(heard, topic)).toBe(true);
        return heard;
      };
      return { ...made, comesIn, isRefused, central };
    }

    test('whoever was not let in is refused, and nobody without a name', async () => {
      const { access, isRefused } = await rig();
      await access.admit(first, 'one');
      expect(await isRefused(second, 'two')).toBe(true);
      expect(await isRefused(first, 'another')).toBe(true);
      expect(await isRefused(first, '')).toBe(true);
    });

    test('its store’s topics are open to it, in both directions, and nothing else is (S13)', async () => {
      const { access, comesIn, central } = await rig();
      await access.admit(first, 'one');
      await access.admit(second, 'two');
      const attacker = await comesIn(first, 'one');
      const victim = await comesIn(second, 'two');
      const office = await central();
      for (const topic of storeRights('S002').subscribe) expect(await subscribes(victim, topic)).toBe(true);
      const topics = [
        ...[upTopic('S001'), presenceTopic('S001'), downTopic('S001'), centralPresenceTopic(shardOf('S001'))],
        ...[upTopic('S002'), presenceTopic('S002'), downTopic('S002'), centralPresenceTopic(otherShard)],
        ...[upTopic('S001').replace(String(shardOf('S001')), String(otherShard)), 'tillwire/1/main/+/down'],
        ...['#', '+/#', 'tillwire/#', '$SYS/#', '$SYS/broker/uptime', '$CONTROL/#', 'another'],
        ...[configTopic('S001'), configTopic('S002')],
        ...['$CONTROL/dynamic-security/v1/response', centralRights.publish[1] ?? '', ...centralRights.subscribe],
      ];
      const open = await topics.reduce<Promise<string[]>>(
        async (so, topic) => [...(await so), ...((await subscribes(attacker, topic)) ? [topic] : [])],
        Promise.resolve([]),
      );
      expect(open).toEqual([downTopic('S001'), centralPresenceTopic(shardOf('S001')), configTopic('S001')]);
      says(attacker, upTopic('S001'), 'mine');
      says(attacker, presenceTopic('S001'), 'mine', true);
      await until(() => expect(office.messages.map(({ text }) => text)).toEqual(['mine', 'mine']));
      says(office, downTopic('S001'), 'for you');
      says(office, centralPresenceTopic(shardOf('S001')), 'for all');
      await until(() => expect(attacker.messages.map(({ text }) => text)).toEqual(['for you', 'for all']));
    });

    test('a store that is called central is a store like any other (S13)', async () => {
      const { access, comesIn } = await rig();
      const named = admittedFor('central', 'd000000000003');
      await access.admit(named, 'three');
      const heard = await comesIn(named, 'three');
      expect(await subscribes(heard, downTopic('central'))).toBe(true);
      for (const topic of [...centralRights.subscribe, '$CONTROL/dynamic-security/v1/response']) {
        expect(await subscribes(heard, topic), topic).toBe(false);
      }
    });

    test('a forged topic reaches nobody, and whose it is stays on its line (F55)', async () => {
      const { access, comesIn, central } = await rig();
      await access.admit(first, 'one');
      await access.admit(second, 'two');
      const victim = await comesIn(second, 'two');
      const office = await central();
      for (const topic of storeRights('S002').subscribe) expect(await subscribes(victim, topic)).toBe(true);
      const before = await access.admitted();
      const forged = [upTopic('S002'), presenceTopic('S002'), downTopic('S002'), centralPresenceTopic(shardOf('S002'))];
      const control = JSON.stringify({ commands: [{ command: 'deleteClient', username: second.username }] });
      for (const topic of forged) {
        // A broker may cut the line of whoever says it.
        const attacker = await comesIn(first, 'one');
        says(attacker, topic, 'forged', true);
        says(attacker, '$CONTROL/dynamic-security/v1', control);
        says(attacker, upTopic('S001'), 'after');
        await until(() => expect(attacker.isCut() || office.messages.some(({ text }) => text === 'after')).toBe(true));
        office.messages.length = 0;
        attacker.client.end(true);
      }
      says(victim, upTopic('S002'), 'still here');
      await until(() => expect(office.messages.map(({ text }) => text)).toContain('still here'));
      says(office, downTopic('S002'), 'heard');
      await until(() => expect(victim.messages).toEqual([{ topic: downTopic('S002'), text: 'heard' }]));
      expect(office.messages.filter(({ text }) => text === 'forged')).toEqual([]);
      expect(victim.isCut()).toBe(false);
      expect(await access.admitted()).toEqual(before);
    });

    test('a taken client id throws nobody off the line (F55)', async () => {
      const { access, comesIn, isRefused, central } = await rig();
      await access.admit(first, 'one');
      await access.admit(second, 'two');
      const victim = await comesIn(second, 'two');
      const office = await central();
      expect(await isRefused(first, 'one', { clientId: second.clientId })).toBe(true);
      expect(await isRefused(second, 'guessed')).toBe(true);
      expect(await isRefused(first, 'one', { clientId: '' })).toBe(true);
      says(victim, upTopic('S002'), 'still here');
      await until(() => expect(office.messages).toHaveLength(1));
      expect(victim.isCut()).toBe(false);
    });

    test('a new password takes the place of the old one, and saying it again is harmless', async () => {
      const { access, comesIn, isRefused } = await rig();
      await access.admit(first, 'one');
      await access.admit(first, 'new');
      await access.admit(first, 'new');
      expect(await isRefused(first, 'one')).toBe(true);
      await comesIn(first, 'new');
      expect((await access.admitted()).filter((name) => name === first.username)).toHaveLength(1);
    });

    test('who is withdrawn is cut off at once and refused from then on; others stay (S14)', async () => {
      const { access, comesIn, isRefused } = await rig();
      await access.admit(first, 'one');
      await access.admit(second, 'two');
      const revoked = await comesIn(first, 'one');
      const other = await comesIn(second, 'two');
      await access.withdraw(first.username);
      await until(() => expect(revoked.isCut()).toBe(true));
      expect(await isRefused(first, 'one')).toBe(true);
      await access.withdraw(first.username);
      await access.withdraw('d00000000000f');
      expect(await access.admitted()).not.toContain(first.username);
      expect(await access.admitted()).toContain(second.username);
      expect(other.isCut()).toBe(false);
    });

    test('the next computer of a store has its client id and topics; the one before has nothing', async () => {
      const { access, comesIn, isRefused, central } = await rig();
      await access.admit(first, 'one');
      const next = admittedFor('S001', 'd00000000000a');
      await access.withdraw(first.username);
      await access.admit(next, 'next');
      const office = await central();
      const heard = await comesIn(next, 'next');
      says(heard, upTopic('S001'), 'next');
      await until(() => expect(office.messages).toEqual([{ topic: upTopic('S001'), text: 'next' }]));
      expect(await isRefused(first, 'one')).toBe(true);
    });
  });
}
