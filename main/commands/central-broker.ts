// How central signs in at its broker, and who lets stores in there.
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { openDynamicSecurity } from '../../central/broker-access/dynamic-security.ts';
import { openEmbeddedAccess } from '../../central/broker-access/embedded.ts';
import type { BrokerAccess } from '../../central/broker-access/port.ts';
import type { SignIn } from '../../central/broker-line.ts';
import type { DeviceAuthority } from '../../central/devices/authority.ts';
import type { Enrolment } from '../../central/intake.ts';
import { readBrokerUrl } from '../../sync/broker-url.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { type Broker, startBroker } from '../broker.ts';
import { centralCertificate } from '../device-authority.ts';
import { readBrokerLogin } from '../prepare/broker-login.ts';
import { openLog, randomHex, systemChance, systemClock } from '../runtime.ts';
import { UsageError } from '../usage-error.ts';
import { brokerUrl, pathFromCaller, port } from './options.ts';

const EMBEDDED = 'embedded';
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const CENTRAL_USERNAME = 'tillwire-central';

export type BrokerOptions = {
  broker: string;
  brokerPort: number;
  brokerLogin?: string;
  brokerAuthority?: string;
  brokerAccess: 'dynsec' | 'none';
  enrolment: Enrolment;
};

export const withBroker = (command: Command): Command =>
  command
    .requiredOption('--broker <url>', 'MQTT broker, or "embedded" to run one here', brokerOrEmbedded)
    .option('--broker-port <number>', 'port of the embedded one, 0 for a free one', port, 0)
    .option('--broker-login <file>', 'user name and password there, as "tillwire prepare" wrote them', pathFromCaller)
    .option('--broker-authority <file>', "the authority of the broker's certificate, in PEM", pathFromCaller)
    .addOption(
      new Option('--broker-access <way>', "who lets enrolled stores in there: Mosquitto's dynamic security, or nobody")
        .choices(['dynsec', 'none'])
        .default('none'),
    );

const brokerOrEmbedded = (text: string): string => (text === EMBEDDED ? text : brokerUrl(text));

export const isHere = (broker: string): boolean => {
  const address = broker === EMBEDDED ? null : readBrokerUrl(broker);
  return address === null || (typeof address !== 'string' && LOOPBACK.includes(address.host));
};

export type CentralBroker = {
  url: string;
  /** Signs in with a certificate of this authority, where the broker speaks TLS. */
  open(authority: DeviceAuthority): Promise<{ signIn: SignIn; access: BrokerAccess | null }>;
  stop(): Promise<void>;
};

/** Starts the embedded one where that is wanted. Throws UsageError that names what is missing. */
export async function centralBroker(options: BrokerOptions): Promise<CentralBroker> {
  if (options.broker === EMBEDDED) return embedded(await startBroker(options.brokerPort), options);
  const { broker: url, brokerLogin, brokerAuthority, brokerAccess } = options;
  if (brokerAccess === 'dynsec' && brokerLogin === undefined) {
    throw new UsageError('--broker-access dynsec needs --broker-login FILE: who may say there who is let in.');
  }
  const login = brokerLogin === undefined ? undefined : readBrokerLogin(brokerLogin);
  const given = brokerAuthority === undefined ? undefined : readFileSync(brokerAuthority, 'utf8');
  return {
    url,
    async open(authority) {
      const own = url.startsWith('mqtts:') ? await centralCertificate(authority, systemClock.wallMs()) : null;
      const signIn: SignIn = { login, ...(own === null ? {} : { tls: { authority: given, ...own } }) };
      return { signIn, access: brokerAccess === 'none' ? null : dynamicSecurity(url, signIn) };
    },
    async stop() {},
  };
}

function embedded(broker: Broker, { enrolment }: BrokerOptions): CentralBroker {
  const access = openEmbeddedAccess(broker.aedes, { anonymous: enrolment === 'open' ? 'taken' : 'refused' });
  const login = { username: CENTRAL_USERNAME, password: randomHex(32) };
  access.admitCentral(login.username, login.password);
  return { url: broker.url, open: async () => ({ signIn: { login }, access }), stop: broker.stop };
}

const dynamicSecurity = (url: string, signIn: SignIn): BrokerAccess =>
  openDynamicSecurity({
    ...{ dial: dialMqtt, brokerUrl: url, signIn, clock: systemClock, chance: systemChance, randomHex },
    log: openLog('broker access'),
  });
