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
  const username = decoded(url.username);
  const password = decoded(url.password);
  if (username === null || password === null) {
    return 'Write a % in the user name or password of the broker as %25.';
  }
  const tls = url.protocol === 'mqtts:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (tls ? 8883 : 1883) : Number(url.port);
  return {
    tls,
    host,
    port,
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
    where: `${url.hostname}:${port}`,
  };
}

/** Null where a % begins no character. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
