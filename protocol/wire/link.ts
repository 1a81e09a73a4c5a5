// The port to a broker: one attempt at a connection, for agent and central alike.

export type LinkEvents = {
  /** Connected and subscribed. */
  up(): void;
  /** Gone, for whatever reason; also after a failed dial. Told once per dial. */
  down(reason: string): void;
  message(topic: string, payload: Uint8Array): void;
};

export type LinkOptions = {
  url: string;
  clientId: string;
  subscriptions: string[];
  will?: { topic: string; payload: Uint8Array } | undefined;
};

/** One attempt at a connection. It never reconnects by itself: whoever dials owns the retry. */
export type Link = {
  /** Resolves when the broker took it, which proves nothing about central; rejects where the link is gone. */
  publish(topic: string, payload: Uint8Array, retain?: boolean): Promise<void>;
  close(): void;
};

export type Dial = (options: LinkOptions, events: LinkEvents) => Link;
