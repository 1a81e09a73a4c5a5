// A computer at the broker as an attacker would write it: says what it likes, by MQTT.js itself.
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';

export type Heard = {
  client: MqttClient;
  messages: { topic: string; text: string }[];
  /** The same as bytes. */
  raw: Buffer[];
  isCut(): boolean;
};

/** Who it says it is; certificate and key in PEM where it has some. */
export type Shown = {
  clientId: string;
  username?: string | undefined;
  password?: string | undefined;
  authority?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
};

export const REFUSED = 'refused';

/** Signed in, or REFUSED. It never dials again by itself. */
export async function signIn(url: string, shown: Shown): Promise<Heard | typeof REFUSED> {
  const { authority, certificate, key, username, password, clientId } = shown;
  const login = { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
  const options: IClientOptions = {
    ...login,
    clientId,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 60_000,
  };
  const tls = { ...(authority === undefined ? {} : { ca: authority }), ...(certificate ? { cert: certificate } : {}) };
  const client = await connectAsync(url, { ...options, ...tls, ...(key ? { key } : {}) }).catch(() => null);
  if (client === null) return REFUSED;
  onTestFinished(() => void client.end(true));
  const messages: Heard['messages'] = [];
  const raw: Buffer[] = [];
  let isCut = false;
  client.on('message', (topic, payload) => {
    raw.push(payload);
    messages.push({ topic, text: payload.toString() });
  });
  client.on('error', () => {});
  client.on('close', () => {
    isCut = true;
  });
  return { client, messages, raw, isCut: () => isCut };
}

/** As `signIn`; throws where it is refused. */
export async function mustSignIn(url: string, shown: Shown): Promise<Heard> {
  const heard = await signIn(url, shown);
  if (heard === REFUSED) throw new Error(`${shown.clientId} was refused`);
  return heard;
}

/** Whether the broker granted it. */
export async function subscribes({ client }: Heard, topic: string): Promise<boolean> {
  const granted = await client.subscribeAsync(topic, { qos: 1 }).catch(() => []);
  return granted.length > 0 && granted.every(({ qos }) => qos < 128);
}

/** Whether the broker took or dropped it is no matter: who hears it is. A broker may cut the line for it. */
export function says({ client }: Heard, topic: string, text: string, retain = false): void {
  client.publish(topic, text, { qos: 1, retain }, () => {});
}
