// Which topics a store and central may use (docs/protocol.md): whatever is not here is refused by every broker (S13).
import {
  ALL_PRESENCE,
  ALL_UP,
  centralPresenceTopic,
  configTopic,
  downTopic,
  presenceTopic,
  shardOf,
  TENANT,
  upTopic,
} from '../../protocol/wire/topics.ts';

export type Rights = { publish: string[]; subscribe: string[] };

/** Whole topic names, no patterns. */
export const storeRights = (store: string): Rights => ({
  publish: [upTopic(store), presenceTopic(store)],
  subscribe: [downTopic(store), configTopic(store), centralPresenceTopic(shardOf(store))],
});

/** Patterns with "+". */
export const centralRights: Rights = {
  publish: [`tillwire/1/${TENANT}/+/down`, `tillwire/1/${TENANT}/+/config`, `tillwire/1/${TENANT}/central/+/presence`],
  subscribe: [ALL_UP, ALL_PRESENCE],
};
