// The line to Mosquitto's control topic: one request at a time, each with its own answer.
import type { Clock } from '../../core/clock.ts';
import { ACCESS_ANSWER_WAIT_MS, ACCESS_LINE_WAIT_MS } from '../../core/limits/broker.ts';
import type { Dial } from '../../protocol/wire/link.ts';
import type { SignIn } from '../broker-line.ts';
import type { Log } from '../log.ts';
import { keepDialled } from '../redial.ts';
import { ANSWER_TOPIC, type Answer, Answers, CONTROL_TOPIC, type Command } from './dynamic-security-commands.ts';

export type ControlOptions = {
  dial: Dial;
  brokerUrl: string;
  signIn: SignIn;
  clock: Clock;
  chance(): number;
  randomHex(bytes: number): string;
  log: Log;
};

export type ControlLine = {
  /** One answer for each command, in order. Rejects where the broker cannot be reached or says nothing in time. */
  ask(...commands: Command[]): Promise<Answer[]>;
  /** How often it was connected: after each time the broker may be another one. */
  connections(): number;
  stop(): Promise<void>;
};

type Pending<T> = { resolve(value: T): void; reject(error: unknown): void };
type Waiting = Pending<Answer[]> & { about: string };

const AWAY = 'The broker cannot be reached.';
const NO_ANSWER = 'The broker did not answer in time.';
/** Mosquitto answers in order, and it writes its whole file before each answer. */
export function openControlLine(options: ControlOptions): ControlLine {
  const { dial, clock, chance, log, randomHex } = options;
  const ups = new Set<Pending<void>>();
  let waiting: Waiting | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let connections = 0;

  const line = keepDialled({
    ...{ dial, clock, chance, log },
    link: {
      ...{ url: options.brokerUrl, clientId: `tillwire-access-${randomHex(8)}` },
      ...options.signIn,
      subscriptions: [ANSWER_TOPIC],
    },
    up: () => {
      connections += 1;
      for (const { resolve } of ups) resolve();
    },
    down: () => waiting?.reject(new Error(AWAY)),
    message: (_, payload) => {
      const answers = readAnswers(payload);
      if (
        waiting !== null &&
        answers.length > 0 &&
        answers.every(({ correlationData }) => correlationData === waiting?.about)
      ) {
        waiting.resolve(answers);
      }
    },
  });

  const untilUp = (): Promise<void> =>
    within<void>(ACCESS_LINE_WAIT_MS, AWAY, (pending) => {
      if (line.isUp()) pending.resolve();
      ups.add(pending);
      return () => ups.delete(pending);
    });

  const askNow = (commands: Command[]): Promise<Answer[]> =>
    within<Answer[]>(ACCESS_ANSWER_WAIT_MS, NO_ANSWER, (pending) => {
      const about = randomHex(8);
      const said = JSON.stringify({ commands: commands.map((each) => ({ ...each, correlationData: about })) });
      waiting = { ...pending, about };
      const link = line.isUp() ? line.link() : null;
      if (link === null) pending.reject(new Error(AWAY));
      else link.publish(CONTROL_TOPIC, Buffer.from(said)).catch(pending.reject);
      return () => {
        waiting = null;
      };
    });

  const ask = async (...commands: Command[]): Promise<Answer[]> => {
    await untilUp();
    const asked = last.then(() => askNow(commands));
    last = asked.catch(() => {});
    return asked;
  };

  return {
    ask,
    connections: () => connections,
    async stop() {
      line.stop();
      for (const { reject } of ups) reject(new Error(AWAY));
      await last;
      line.link()?.close();
    },
  };
}

function readAnswers(payload: Uint8Array): Answer[] {
  try {
    return Answers.parse(JSON.parse(Buffer.from(payload).toString('utf8'))).responses;
  } catch {
    return [];
  }
}

type Begin<T> = (pending: Pending<T>) => () => void;

/** Begins, and cleans up by what that returned when it is over or too late. */
function within<T>(ms: number, tooLate: string, begin: Begin<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(tooLate)), ms);
  const end = begin({ resolve, reject });
  return promise.finally(() => {
    clearTimeout(timer);
    end();
  });
}
