// Configuration of stores at central's end: what each is told, and how each says that it stands.
import type { Config } from '../../protocol/wire/config-frames.ts';
import type { Intake } from '../intake.ts';
import { judgeSigned, unknownStore } from '../judge.ts';
import { type Reply, refusalOf } from '../replies.ts';
import { type Deadlines, openDeadlines } from './deadlines.ts';
import { openSources } from './kept.ts';
import { openRetained, type RetainedParts } from './retained.ts';
import { keepStanding } from './standings.ts';

export type Configurations = {
  /** Something was committed that stores are to be told: revisions released or withdrawn, keys. */
  wake(): void;
  /** Called behind each standing that was kept. One listener. */
  onStanding(listener: (store: string) => void): void;
  /** Behind each welcome. */
  greet(store: string): void;
  /** What a standing is answered: nothing, or why it is not believed. Throws where the database did. */
  take(frame: Config): Promise<Reply[]>;
  /** In memory; empty where the store has no configuration in force that says so. */
  hoursOf: Deadlines['hoursOf'];
  /** To be awaited before anything is posted. */
  load(): Promise<void>;
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

export type ConfigurationParts = Omit<RetainedParts, 'wallMs' | 'sources'> & { intake: Intake };

export function openConfigurations({ db, intake, ...parts }: ConfigurationParts): Configurations {
  const sources = openSources(db);
  const deadlines = openDeadlines(db, sources);
  const retained = openRetained({ db, sources, wallMs: intake.wallMs, ...parts });
  let hear: (store: string) => void = () => {};
  return {
    wake: retained.wake,
    onStanding(listener) {
      hear = listener;
    },
    greet: retained.greeted,
    async take(frame) {
      const { store } = frame;
      const refused = await intake.ledger.transaction(async (tx) => {
        const stream = await tx.streams.lock(store, frame.instance);
        return stream === null ? unknownStore(store) : judgeSigned(stream, frame);
      });
      if (refused !== null) return [refusalOf(intake, frame, refused)];
      await keepStanding(db, frame, intake.wallMs());
      await deadlines.follow(store, frame.standing.applied);
      await retained.heard(store);
      hear(store);
      return [];
    },
    hoursOf: deadlines.hoursOf,
    load: deadlines.load,
    stop: retained.stop,
  };
}
