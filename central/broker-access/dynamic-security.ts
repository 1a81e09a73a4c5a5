// Lets stores in at Mosquitto by its dynamic security plugin, over its control topic, as a client that may administer it.
import type { Clock } from '../../core/clock.ts';
import { ACCESS_ANSWER_WAIT_MS, ACCESS_LINE_WAIT_MS } from '../../core/limits/broker.ts';
import type { Dial } from '../../protocol/wire/link.ts';
import type { SignIn } from '../broker-line.ts';
import type { Log } from '../log.ts';
import { keepDialled } from '../redial.ts';
import {
  ANSWER_TOPIC,
  type Answer,
  Answers,
  ClientNames,
  CONTROL_TOPIC,
  type Command,
  createRole,
  DefaultAccess,
  letIn,
} from './dynamic-security-commands.ts';
import type { BrokerAccess } from './port.ts';

export type DynamicSecurityOptions = {
  dial: Dial;
  brokerUrl: string;
  signIn: SignIn;
  clock: Clock;
  chance(): number;
  randomHex(bytes: number): string;
  log: Log;
};

type Waiting = { about: string; heard(answers: Answer[]): void };

const HAS_ALREADY = /already exists/;
const HAS_NOT = /not found/;

/** One request at a time: Mosquitto answers in order, and it writes its whole file before each answer. */
export function openDynamicSecurity(options: DynamicSecurityOptions): BrokerAccess {
  const { dial, clock, chance, log, randomHex } = options;
  const ups = new Set<() => void>();
  let waiting: Waiting | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isDenying = false;

  const line = keepDialled({
    ...{ dial, clock, chance, log },
    link: {
      ...{ url: options.brokerUrl, clientId: `tillwire-access-${randomHex(8)}` },
      ...options.signIn,
      subscriptions: [ANSWER_TOPIC],
    },
    up: () => {
      isDenying = false;
      for (const tell of ups) tell();
    },
    message: (_, payload) => {
      const answers = readAnswers(payload);
      if (
        waiting !== null &&
        answers.length > 0 &&
        answers.every(({ correlationData }) => correlationData === waiting?.about)
      ) {
        waiting.heard(answers);
      }
    },
  });

  const untilUp = (): Promise<void> =>
    within(ACCESS_LINE_WAIT_MS, 'The broker cannot be reached.', (resolve) => {
      if (line.isUp()) resolve();
      else ups.add(resolve);
      return () => ups.delete(resolve);
    });

  const askNow = async (commands: Command[]): Promise<Answer[]> => {
    await untilUp();
    const about = randomHex(8);
    const said = JSON.stringify({ commands: commands.map((each) => ({ ...each, correlationData: about })) });
    return within<Answer[]>(ACCESS_ANSWER_WAIT_MS, 'The broker did not answer in time.', (resolve, reject) => {
      waiting = { about, heard: resolve };
      const link = line.link();
      if (link === null) reject(new Error('The broker cannot be reached.'));
      else link.publish(CONTROL_TOPIC, Buffer.from(said)).catch(reject);
      return () => {
        waiting = null;
      };
    });
  };

  const ask = (...commands: Command[]): Promise<Answer[]> => {
    const asked = last.then(() => askNow(commands));
    last = asked.catch(() => {});
    return asked;
  };

  /** A broker that grants what nobody forbade would make roles worth nothing: then nobody is let in (S13). */
  const mustDeny = async (): Promise<void> => {
    if (isDenying) return;
    const [answer] = expectDone(await ask({ command: 'getDefaultACLAccess' }));
    const open = DefaultAccess.parse(answer?.data).acls.filter(
      ({ acltype, allow }) => allow && /^(publish|sub)/.test(acltype),
    );
    if (open.length > 0) {
      const names = open.map(({ acltype }) => acltype).join(', ');
      throw new Error(
        `The broker allows by default: ${names}. Set them to deny (mosquitto_ctrl dynsec setDefaultACLAccess).`,
      );
    }
    isDenying = true;
  };

  return {
    async admit(device, password) {
      await mustDeny();
      const [role, client] = await ask(createRole(device.store), letIn('createClient', device, password));
      expectDone([role, client], HAS_ALREADY);
      if (client?.error !== undefined) expectDone(await ask(letIn('modifyClient', device, password)));
    },
    async withdraw(username) {
      expectDone(await ask({ command: 'deleteClient', username }), HAS_NOT);
    },
    async admitted() {
      const [answer] = expectDone(await ask({ command: 'listClients', verbose: false, count: -1, offset: 0 }));
      return ClientNames.parse(answer?.data).clients;
    },
    async stop() {
      line.stop();
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

/** Throws the first thing that went wrong, other than what is harmless here. */
function expectDone(answers: (Answer | undefined)[], harmless?: RegExp): Answer[] {
  return answers.map((answer) => {
    if (answer === undefined) throw new Error('The broker answered less than it was asked.');
    if (answer.error !== undefined && harmless?.test(answer.error) !== true) {
      throw new Error(`The broker refused ${answer.command}: ${answer.error}`);
    }
    return answer;
  });
}

type Begin<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void;

/** Begins, and cleans up by what that returned when it is over or too late. */
function within<T>(ms: number, tooLate: string, begin: Begin<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(tooLate)), ms);
  const end = begin(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    end();
  });
}
