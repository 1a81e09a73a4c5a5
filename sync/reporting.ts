// What this computer tells of itself beside its entries, and what central's clock shows.
import type { Clock } from '../core/clock.ts';
import type { ConfigurationStanding } from '../protocol/wire/config-frames.ts';
import type { Downlink } from './downlink.ts';
import { messageOf } from './message-of.ts';
import type { Speaker } from './outgoing.ts';
import type { Log } from './ports.ts';
import type { Reception } from './reception.ts';
import { makeConfig, makeReport, type ReportWords } from './side-frames.ts';

export type Reporting = {
  /** False where there is no session in which central takes reports. One that is lost is told again by whoever told it. */
  report(words: ReportWords): boolean;
  /** How this store stands with its configuration may be another than it was: it is told where central hears it. */
  tellStanding(): void;
  /** Central's clock as far as its last welcome told, whatever became of our own since; null before the first one. */
  centralMs(): number | null;
};

type Parts = {
  reception: Pick<Reception, 'talk' | 'isConfigured'>;
  downlink: Pick<Downlink, 'skew'>;
  speaker: Speaker;
  say(frame: Uint8Array): Promise<void>;
  /** Null while nobody keeps a configuration. */
  standing(): ConfigurationStanding | null;
  clock: Clock;
  log: Log;
};

export function makeReporting({ reception, downlink, speaker, say, standing, clock, log }: Parts): Reporting {
  /** Session and standing as last told: once in each session, and when it is another one. */
  let told = '';
  const tell = (frame: Uint8Array): void =>
    void say(frame).catch((error) => log.info({ reason: messageOf(error) }, 'no report'));
  return {
    report(words) {
      const { session, codec, reports } = reception.talk();
      if (session === null || !reports) return false;
      tell(makeReport(speaker, { session, codec }, words, clock.wallMs()));
      return true;
    },
    tellStanding() {
      const { session, codec } = reception.talk();
      if (session === null || !reception.isConfigured()) return;
      const now = standing();
      const words = `${session} ${JSON.stringify(now)}`;
      if (now === null || words === told) return;
      told = words;
      tell(makeConfig(speaker, { session, codec }, now, clock.wallMs()));
    },
    centralMs() {
      const sample = downlink.skew();
      if (sample === null) return null;
      return sample.at.wallMs - sample.ms + (clock.monotonicMs() - sample.at.monotonicMs);
    },
  };
}
