// MQTT topic names (docs/protocol.md).
import { StoreId } from '../fact.ts';
import { sha256 } from '../sha256.ts';

export const TENANT = 'main';
export const SHARDS = 64;

/** A stable shard, so that one store is always handled by one worker (D10). */
export const shardOf = (store: string): number => (sha256(Buffer.from(store))[0] ?? 0) & (SHARDS - 1);

export const upTopic = (store: string): string => `tillwire/1/${TENANT}/${shardOf(store)}/${store}/up`;
export const downTopic = (store: string): string => `tillwire/1/${TENANT}/${store}/down`;
/** Retained: the newest configuration for the store. */
export const configTopic = (store: string): string => `tillwire/1/${TENANT}/${store}/config`;
export const presenceTopic = (store: string): string => `tillwire/1/${TENANT}/${store}/presence`;
export const centralPresenceTopic = (shard: number): string => `tillwire/1/${TENANT}/central/${shard}/presence`;

/** What central subscribes to: every store's frames and presence. */
export const ALL_UP = `tillwire/1/${TENANT}/+/+/up`;
export const ALL_PRESENCE = `tillwire/1/${TENANT}/+/presence`;

/** The store of an up or presence topic; null for any other one, a store that cannot be, or one on a foreign shard. */
export function storeOfTopic(topic: string): string | null {
  const parts = topic.split('/');
  const store = StoreId.safeParse(parts[parts.length - 2]).data;
  return store !== undefined && (topic === upTopic(store) || topic === presenceTopic(store)) ? store : null;
}
