// What Mosquitto is told so that stores come in by certificate and password, each to its own topics only: for `prepare`.
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { firstConfiguration } from '../../central/broker-access/dynamic-security-commands.ts';
import {
  BROKER_CONNECTIONS_MAX,
  BROKER_INFLIGHT_MAX,
  BROKER_KEEPALIVE_SECONDS_MAX,
  BROKER_QUEUED_MAX,
} from '../../core/limits/broker.ts';
import { LINK_PACKET_BYTES_MAX } from '../../core/limits.ts';

/** Mosquitto's own numbers for a hash; the password is 32 random bytes, which nobody guesses. */
const HASH = { iterations: 101, bytes: 64, saltBytes: 12 };
const PLUGIN_PLACES = [
  ...['/usr/lib/*/mosquitto_dynamic_security.so', '/usr/lib*/mosquitto_dynamic_security.so'],
  ...['/usr/local/lib/mosquitto_dynamic_security.so', '/opt/homebrew/lib/mosquitto_dynamic_security.so'],
  'C:/Program Files/mosquitto/mosquitto_dynamic_security.dll',
];

/** Mosquitto's plugin on this machine; null where it is not in its usual places. */
export const findPlugin = (): string | null => PLUGIN_PLACES.flatMap((place) => globSync(place))[0] ?? null;

export type BrokerFolder = {
  configuration: string;
  security: string;
  certificate: string;
  key: string;
  clients: string;
};

export const brokerFolder = (folder: string): BrokerFolder => ({
  configuration: join(folder, 'mosquitto.conf'),
  security: join(folder, 'dynamic-security.json'),
  certificate: join(folder, 'server.crt'),
  key: join(folder, 'server.key'),
  clients: join(folder, 'device-authority.crt'),
});

export type Wanted = { folder: string; port: number; address?: string | undefined; plugin: string; user: string };

/** One listener, with TLS and client certificates; nothing without (S11). Nothing is kept: nobody depends on it. */
export function mosquittoConfiguration({ folder, port, address, plugin, user }: Wanted): string {
  const files = brokerFolder(folder);
  return [
    '# Written by "tillwire prepare". What is decided later about who may sign in is in dynamic-security.json.',
    `listener ${port}${address === undefined ? '' : ` ${address}`}`,
    ...[`certfile ${files.certificate}`, `keyfile ${files.key}`, 'tls_version tlsv1.2'],
    ...[`cafile ${files.clients}`, 'require_certificate true', 'allow_anonymous false'],
    ...[`plugin ${plugin}`, `plugin_opt_config_file ${files.security}`],
    ...[`max_packet_size ${LINK_PACKET_BYTES_MAX + 1_024}`, `max_keepalive ${BROKER_KEEPALIVE_SECONDS_MAX}`],
    ...[`max_connections ${BROKER_CONNECTIONS_MAX}`, `max_inflight_messages ${BROKER_INFLIGHT_MAX}`],
    ...[`max_queued_messages ${BROKER_QUEUED_MAX}`, 'set_tcp_nodelay true', 'persistence false'],
    ...[
      `user ${user}`,
      'log_dest stderr',
      'log_type error',
      'log_type warning',
      'log_type notice',
      'log_type information',
    ],
    '',
  ].join('\n');
}

/** What the plugin reads at its first start. */
export function firstSecurity(username: string, password: string): string {
  const salt = randomBytes(HASH.saltBytes);
  const hash = pbkdf2Sync(password, salt, HASH.iterations, HASH.bytes, 'sha512');
  const hashed = { password: hash.toString('base64'), salt: salt.toString('base64'), iterations: HASH.iterations };
  return `${JSON.stringify(firstConfiguration(username, hashed), null, 2)}\n`;
}
