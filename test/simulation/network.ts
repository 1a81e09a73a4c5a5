// Lines to the broker: delay, cuts, silence, one-way deafness and congestion, behind the port that product code dials.
import { DIAL_WAIT_MS, KEEPALIVE_SECONDS } from '../../core/limits.ts';
import type { Dial, Link, LinkEvents, LinkOptions } from '../../protocol/wire/link.ts';
import type { Broker, Peer } from './broker.ts';
import type { Point } from './coverage.ts';
import type { Chance } from './random.ts';
import type { Life, Scheduler } from './scheduler.ts';
import type { Weather } from './swarm.ts';

/** One direction of one line. `topics` is when the newest frame of each topic arrives: order holds within a topic. */
type Pipe = { isDead: boolean; clogUntilMs: number; newestMs: number; topics: Map<string, number>; inFlight: number };

type Line = {
  node: string;
  up: Pipe;
  down: Pipe;
  isGone: boolean;
  /** Whether somebody at the client's end still listens. */
  endClient(reason: string): void;
  endBroker(): void;
};

export type NetworkParts = {
  scheduler: Scheduler;
  broker: Broker;
  chance: Chance;
  weather: Weather;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

export type Network = ReturnType<typeof makeNetwork>;

const DEAD_AFTER_MS = KEEPALIVE_SECONDS * 1_500;
const DELAY_MS_MIN = 5;
const DELAY_MS_MEAN = 20;
const CLOG_MS_MEAN = 8_000;
const REFUSED = 'Nothing answers there: is the broker running, and is the port right?';
const CUT = 'The line was cut.';

const newPipe = (): Pipe => ({ isDead: false, clogUntilMs: 0, newestMs: 0, topics: new Map(), inFlight: 0 });

export function makeNetwork(parts: NetworkParts) {
  const { scheduler, broker, chance, weather, reach, say } = parts;
  const lines = new Set<Line>();
  /** Nodes whose line is out. */
  const out = new Set<string>();

  function delayMs(): number {
    const mean = DELAY_MS_MEAN + weather('delay');
    return DELAY_MS_MIN + chance.exponential(mean);
  }

  /** Brings one frame to the other end, in order within its topic (and in all where nothing is reordered). */
  function travel(line: Line, pipe: Pipe, topic: string, arrive: () => void): void {
    if (line.isGone) return;
    if (pipe.isDead) return;
    const order = weather('reorder') > 0 ? (pipe.topics.get(topic) ?? 0) : pipe.newestMs;
    const atMs = Math.max(scheduler.nowMs() + delayMs(), pipe.clogUntilMs, order + 0.001);
    pipe.topics.set(topic, atMs);
    pipe.newestMs = Math.max(pipe.newestMs, atMs);
    pipe.inFlight += 1;
    scheduler.after(atMs - scheduler.nowMs(), () => {
      pipe.inFlight -= 1;
      if (!line.isGone && !pipe.isDead) arrive();
    });
  }

  /** Everything on it is lost, and both ends learn of it. */
  function cut(line: Line, reason: string): void {
    if (line.isGone) return;
    if (line.up.inFlight + line.down.inFlight > 0) reach('line reset with frames in flight');
    line.isGone = true;
    lines.delete(line);
    scheduler.after(chance.exponential(50), () => line.endClient(reason));
    scheduler.after(chance.exponential(50), () => line.endBroker());
  }

  /** Nothing passes in these directions any more, and nobody is told until a keepalive runs out. */
  function silence(line: Line, ...pipes: Pipe[]): void {
    for (const pipe of pipes) pipe.isDead = true;
    scheduler.after(DEAD_AFTER_MS * (1 + chance.float()), () => {
      if (!line.isGone) reach('half-open line found dead');
      cut(line, 'No answer in time.');
    });
  }

  const dialOf =
    (node: string, life: Life): Dial =>
    (options, events) =>
      open(node, life, options, events);

  function open(node: string, life: Life, options: LinkOptions, events: LinkEvents): Link {
    let state: 'dialling' | 'up' | 'down' = 'dialling';
    const unanswered = new Set<(error: Error) => void>();
    const end = life.only((reason: string) => {
      if (state === 'down') return;
      state = 'down';
      if (unanswered.size > 0) reach('publish refused by the line');
      for (const reject of unanswered) reject(new Error(reason));
      unanswered.clear();
      scheduler.after(
        0,
        life.only(() => events.down(reason)),
      );
    });
    const peer: Peer = {
      clientId: options.clientId,
      subscriptions: options.subscriptions,
      will: options.will ?? null,
      waiting: () => line.down.inFlight,
      deliver: (topic, payload) =>
        travel(
          line,
          line.down,
          topic,
          life.only(() => {
            if (state !== 'down') events.message(topic, payload);
          }),
        ),
      cut: (reason) => cut(line, reason),
    };
    const line: Line = {
      node,
      up: newPipe(),
      down: newPipe(),
      isGone: false,
      endClient: end,
      endBroker: () => broker.lose(peer),
    };
    lines.add(line);
    dial(line, peer, () => {
      if (state !== 'dialling' || life.isOver()) return;
      state = 'up';
      say(node, 'line up');
      events.up();
    });
    return {
      publish(topic, payload, retain = false) {
        if (state !== 'up') return Promise.reject(new Error('no line to the broker'));
        return new Promise((resolve, reject) => {
          unanswered.add(reject);
          travel(line, line.up, topic, () => {
            broker.receive(topic, payload, retain);
            travel(
              line,
              line.down,
              'puback',
              life.only(() => {
                if (unanswered.delete(reject)) resolve();
              }),
            );
          });
        });
      },
      close() {
        if (state === 'up') travel(line, line.up, 'goodbye', () => leave(line, peer));
        else leave(line, peer);
        end('Closed by this side.');
      },
    };
  }

  function leave(line: Line, peer: Peer): void {
    line.isGone = true;
    lines.delete(line);
    broker.leave(peer);
  }

  function dial(line: Line, peer: Peer, up: () => void): void {
    scheduler.after(delayMs(), () => {
      if (line.isGone) return;
      const isOut = out.has(line.node);
      if (isOut || !broker.isUp() || chance.happens(weather('dialFails'))) {
        const hangs = isOut ? chance.happens(0.8) : chance.happens(0.3);
        scheduler.after(hangs ? DIAL_WAIT_MS : 50, () => {
          line.isGone = true;
          lines.delete(line);
          line.endClient(hangs ? 'No answer in time.' : REFUSED);
        });
        return;
      }
      // Retained frames come behind this answer: the pipe keeps its order.
      travel(line, line.down, 'connack', up);
      broker.connect(peer);
    });
  }

  const anyLine = (): Line | null => (lines.size === 0 ? null : chance.pick([...lines]));

  return {
    dialOf,
    /** Its process died: the broker finds out sooner or later. */
    kill(node: string): void {
      for (const line of [...lines].filter((other) => other.node === node)) {
        if (chance.happens(0.5)) cut(line, CUT);
        else silence(line, line.up, line.down);
      }
    },
    /** Out: what is up falls silent or is cut, nothing new comes up. */
    setOut(node: string, isOut: boolean): void {
      if (isOut === out.has(node)) return;
      say(node, isOut ? 'line out' : 'line in order');
      if (!isOut) {
        out.delete(node);
        return;
      }
      out.add(node);
      for (const line of [...lines].filter((other) => other.node === node)) {
        if (chance.happens(0.5)) cut(line, CUT);
        else silence(line, line.up, line.down);
      }
    },
    /** One thing of the class happens to some line. */
    disturb(fault: 'reset' | 'halfOpen' | 'oneWay' | 'clog'): void {
      const line = anyLine();
      if (line === null) return;
      say(line.node, `line: ${fault}`);
      if (fault === 'reset') cut(line, CUT);
      else if (fault === 'halfOpen') silence(line, line.up, line.down);
      else if (fault === 'oneWay') {
        reach('one-way line');
        silence(line, chance.happens(0.5) ? line.up : line.down);
      } else {
        reach('line clogged');
        const pipe = chance.happens(0.5) ? line.up : line.down;
        pipe.clogUntilMs = scheduler.nowMs() + chance.exponential(CLOG_MS_MEAN);
      }
    },
    healAll(): void {
      out.clear();
    },
  };
}
