// MQTT topic names (docs/protocol.md).
import { sha256 } from '../sha256.ts';

export const TENANT = 'main';
export const SHARDS = 64;

/** A stable shard, so that one store is always handled by one worker (decision 10). */
export const shardOf = (store: string): number => (sha256(Buffer.from(store))[0] ?? 0) & (SHARDS - 1);

export const upTopic = (store: string): string => `tillwire/1/${TENANT}/${shardOf(store)}/${store}/up`;
export const downTopic = (store: string): string => `tillwire/1/${TENANT}/${store}/down`;
export const presenceTopic = (store: string): string => `tillwire/1/${TENANT}/${store}/presence`;
export const centralPresenceTopic = (shard: number): string => `tillwire/1/${TENANT}/central/${shard}/presence`;

/** What central subscribes to: every store's frames and presence. */
export const ALL_UP = `tillwire/1/${TENANT}/+/+/up`;
export const ALL_PRESENCE = `tillwire/1/${TENANT}/+/presence`;

/** The store of an up or presence topic, or null. */
export function storeOfTopic(topic: string): string | null {
  const parts = topic.split('/');
  if (parts[0] !== 'tillwire' || parts[1] !== '1' || parts[2] !== TENANT) return null;
  if (parts.length === 6 && parts[5] === 'up') return parts[4] ?? null;
  return parts.length === 5 && parts[4] === 'presence' ? (parts[3] ?? null) : null;
}
