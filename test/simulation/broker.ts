// A broker as bad as Mosquitto at its worst: PUBACK at receipt, short queues, silent drops, a memory that can go.
import type { Point } from './coverage.ts';
import type { Chance } from './random.ts';
import type { Weather } from './swarm.ts';

/** One connection as the broker sees it. */
export type Peer = {
  clientId: string;
  subscriptions: string[];
  will: { topic: string; payload: Uint8Array } | null;
  /** Frames on their way to it. */
  waiting(): number;
  deliver(topic: string, payload: Uint8Array): void;
  /** The broker throws it out. */
  cut(reason: string): void;
};

export type BrokerParts = { chance: Chance; weather: Weather; reach(point: Point): void; say(what: string): void };

export type Broker = ReturnType<typeof makeBroker>;

/** Mosquitto's own default. */
const QUEUE_MAX = 1_000;
const SHORT_QUEUE_MAX = 3;
/** Frames that may be said again long after. */
const OLD_FRAMES_MAX = 64;

export function makeBroker({ chance, weather, reach, say }: BrokerParts) {
  const peers = new Map<string, Peer>();
  const retained = new Map<string, Uint8Array>();
  let old: { topic: string; payload: Uint8Array }[] = [];
  let isUp = true;

  function deliver(peer: Peer, topic: string, payload: Uint8Array): void {
    const most = weather('brokerQueue') > 0 ? SHORT_QUEUE_MAX : QUEUE_MAX;
    const fate =
      peer.waiting() >= most
        ? 'queue overflow'
        : chance.happens(weather('brokerDrop'))
          ? 'frame dropped by the broker'
          : chance.happens(weather('duplicate'))
            ? 'frame said twice'
            : null;
    if (fate !== null) reach(fate);
    if (fate === null || fate === 'frame said twice') peer.deliver(topic, payload);
    if (fate === 'frame said twice') peer.deliver(topic, payload);
  }

  function route(topic: string, payload: Uint8Array): void {
    for (const peer of [...peers.values()]) {
      if (peer.subscriptions.some((filter) => matches(filter, topic))) deliver(peer, topic, payload);
    }
  }

  /** Without a goodbye: its will is published. */
  function lose(peer: Peer): void {
    if (peers.get(peer.clientId) !== peer) return;
    peers.delete(peer.clientId);
    if (peer.will === null || !isUp) return;
    reach('will delivered');
    receive(peer.will.topic, peer.will.payload, true);
  }

  function receive(topic: string, payload: Uint8Array, retain: boolean): void {
    if (chance.happens(weather('refused'))) {
      reach('publish denied silently');
      return;
    }
    if (retain) retained.set(topic, payload);
    old.push({ topic, payload });
    if (old.length > OLD_FRAMES_MAX * 2) old = old.slice(-OLD_FRAMES_MAX);
    route(topic, payload);
  }

  return {
    isUp: () => isUp,
    /** Connected and subscribed; another client of that name is thrown out. */
    connect(peer: Peer): void {
      const before = peers.get(peer.clientId);
      if (before !== undefined) {
        reach('client taken over');
        lose(before);
        before.cut('Another client with this id connected.');
      }
      peers.set(peer.clientId, peer);
      for (const [topic, payload] of retained) {
        if (!peer.subscriptions.some((filter) => matches(filter, topic))) continue;
        reach('retained message delivered');
        peer.deliver(topic, payload);
      }
    },
    receive,
    lose,
    /** With a goodbye: no will. */
    leave(peer: Peer): void {
      if (peers.get(peer.clientId) === peer) peers.delete(peer.clientId);
    },
    /** Says again what it said long ago. */
    replay(): void {
      const frame = old.length === 0 ? null : chance.pick(old);
      if (frame === null || !isUp) return;
      reach('old frame replayed');
      route(frame.topic, frame.payload);
    },
    crash(): void {
      say('broker crashed');
      isUp = false;
      for (const peer of [...peers.values()]) peer.cut('The broker went away.');
      peers.clear();
    },
    start(isWiped: boolean): void {
      if (isWiped) {
        reach('broker lost its state');
        retained.clear();
        old = [];
      }
      isUp = true;
      say(isWiped ? 'broker is back, without its memory' : 'broker is back');
    },
  };
}

/** With + for one level, as MQTT has it. */
export function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part === '+' || part === given[index]);
}
