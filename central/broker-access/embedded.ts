// Lets stores in at the embedded broker (aedes): like it, it forgets everybody when it stops, and computers renew then.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Aedes, Client } from 'aedes';
import type { BrokerAccess } from './port.ts';
import { centralRights, type Rights, storeRights } from './rights.ts';

export type EmbeddedAccess = BrokerAccess & {
  /** Lets central itself in, at once. */
  admitCentral(username: string, password: string): void;
};

/** `anonymous`: a trial, where stores that were never enrolled say nothing of who they are. */
type Options = { anonymous: 'refused' | 'taken' };

type Entry = { hash: Buffer; clientId: string | null; rights: Rights; signedIn: Set<Client> };

const NOT_AUTHORIZED = 5;

/** Takes over who may do what at this broker. */
export function openEmbeddedAccess(aedes: Aedes, { anonymous }: Options): EmbeddedAccess {
  const entries = new Map<string, Entry>();
  const owners = new WeakMap<Client, Entry>();
  const ownPublish = aedes.authorizePublish;

  const entryFor = (clientId: string, username: string, password: Buffer): Entry | null => {
    const entry = entries.get(username);
    const isBound = entry !== undefined && (entry.clientId === null || entry.clientId === clientId);
    return isBound && timingSafeEqual(entry.hash, hashed(password)) ? entry : null;
  };
  const isKnown = (clientId: string): boolean => [...entries.values()].some((entry) => entry.clientId === clientId);
  const isOwned = (topic: string): boolean =>
    [...entries.values()].some(({ rights }) => rights.publish.includes(topic));

  aedes.authenticate = (client, username, password, done) => {
    const entry = username === undefined ? null : entryFor(client.id, username, Buffer.from(password ?? ''));
    const isNobody = username === undefined && anonymous === 'taken' && !isKnown(client.id);
    if (entry !== null) {
      owners.set(client, entry);
      entry.signedIn.add(client);
      client.conn.once('close', () => entry.signedIn.delete(client));
    }
    if (entry !== null || isNobody) done(null, true);
    else done(Object.assign(new Error('not authorized'), { returnCode: NOT_AUTHORIZED }), false);
  };
  aedes.authorizePublish = (client, packet, done) => {
    const entry = client === null ? undefined : owners.get(client);
    const mayOwn = entry === undefined ? !isOwned(packet.topic) : allows(entry.rights.publish, packet.topic);
    if (client === null || mayOwn) ownPublish(client, packet, done);
    else done(new Error(`${client.id} may not publish there`));
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const entry = client === null ? undefined : owners.get(client);
    done(null, entry === undefined || entry.rights.subscribe.includes(subscription.topic) ? subscription : null);
  };

  const forget = (username: string): void => {
    const entry = entries.get(username);
    entries.delete(username);
    for (const client of entry?.signedIn ?? []) client.close();
  };
  const keep = (username: string, password: string, entry: Pick<Entry, 'clientId' | 'rights'>): void => {
    forget(username);
    entries.set(username, { ...entry, hash: hashed(Buffer.from(password)), signedIn: new Set() });
  };

  return {
    admitCentral: (username, password) => keep(username, password, { clientId: null, rights: centralRights }),
    async admit({ store, username, clientId }, password) {
      keep(username, password, { clientId, rights: storeRights(store) });
    },
    async withdraw(username) {
      forget(username);
    },
    async admitted() {
      return [...entries.keys()];
    },
    // Rights are those of this version: nothing is kept from one start to the next.
    async bringUpToDate() {},
    async stop() {},
  };
}

/** 32 random bytes need no slow hash. */
const hashed = (password: Buffer): Buffer => createHash('sha256').update(password).digest();

const allows = (patterns: string[], topic: string): boolean => {
  const levels = topic.split('/');
  return patterns.some((pattern) => {
    const wanted = pattern.split('/');
    return wanted.length === levels.length && wanted.every((level, at) => level === '+' || level === levels[at]);
  });
};
