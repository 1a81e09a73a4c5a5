// The port to whatever lets stores in at the broker: the embedded one, Mosquitto's dynamic security, or another.

/** A device as the broker is to know it. It may use the topics of its store only, and this client id only (S12, S13). */
export type Admitted = {
  store: string;
  device: string;
  username: string;
  clientId: string;
};

export type BrokerAccess = {
  /** From now on, with this password; again for another password. Resolves when the broker has it; repeating is harmless. */
  admit(device: Admitted, password: string): Promise<void>;
  /** From now on nobody signs in with it, and whoever is signed in is cut off at once (S14). */
  withdraw(username: string): Promise<void>;
  /** User names of all devices that the broker lets in now, to find what a broker that was put back forgot or kept. */
  admitted(): Promise<string[]>;
  /** What was let in by an older Tillwire may use whatever topics there are now. Repeating is harmless. */
  bringUpToDate(): Promise<void>;
  stop(): Promise<void>;
};
