// A broker's URL taken apart: mqtt:// or mqtts://, perhaps with user name and password.

export type BrokerAddress = {
  tls: boolean;
  host: string;
  port: number;
  username: string | undefined;
  password: string | undefined;
  /** Host and port, for people. */
  where: string;
};

/** The address, or a plain sentence where the URL can't be used. */
export function readBrokerUrl(text: string): BrokerAddress | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['mqtt:', 'mqtts:'].includes(url.protocol) || url.hostname === '') {
    return 'Write the broker as mqtt://host:port or mqtts://host:port.';
  }
  const tls = url.protocol === 'mqtts:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (tls ? 8883 : 1883) : Number(url.port);
  return {
    tls,
    host,
    port,
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    where: `${url.hostname}:${port}`,
  };
}
