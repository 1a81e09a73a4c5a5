// The port to a broker: one attempt at a connection, for agent and central alike.

export type LinkEvents = {
  /** Connected and subscribed. */
  up(): void;
  /**
   * Gone, for whatever reason; also after a failed dial. Told once per dial. `refused`: the broker does not take this
   * side's certificate, user name or password.
   */
  down(reason: string, refused?: boolean): void;
  message(topic: string, payload: Uint8Array): void;
};

/** How the other side's certificate is judged, and what this side shows; all in PEM. */
export type LinkTls = {
  /** Takes the place of the computer's own authorities. */
  authority?: string | undefined;
  /** Trusted beside whichever they are. */
  besides?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
};

export type LinkOptions = {
  url: string;
  clientId: string;
  /** Takes the place of user name and password in the URL. */
  login?: { username: string; password: string } | undefined;
  tls?: LinkTls | undefined;
  /** HTTP proxy to go through (CONNECT): http://[user:password@]host:port. */
  proxy?: string | undefined;
  subscriptions: string[];
  /** Subscribed to as well, where the broker lets this side: a refusal of it is no failure. */
  alsoSubscribe?: string[] | undefined;
  will?: { topic: string; payload: Uint8Array } | undefined;
};

/** One attempt at a connection. It never reconnects by itself: whoever dials owns the retry. */
export type Link = {
  /** Resolves when the broker took it, which proves nothing about central; rejects where the link is gone. */
  publish(topic: string, payload: Uint8Array, retain?: boolean): Promise<void>;
  close(): void;
};

export type Dial = (options: LinkOptions, events: LinkEvents) => Link;
