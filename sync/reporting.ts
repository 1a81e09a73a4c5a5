// What this computer tells of itself beside its entries, and what central's clock shows.
import type { Clock } from '../core/clock.ts';
import type { Downlink } from './downlink.ts';
import { messageOf } from './message-of.ts';
import type { Speaker } from './outgoing.ts';
import type { Log } from './ports.ts';
import type { Reception } from './reception.ts';
import { makeReport, type ReportWords } from './side-frames.ts';

export type Reporting = {
  /** False where there is no session in which central takes reports. One that is lost is told again by whoever told it. */
  report(words: ReportWords): boolean;
  /** Central's clock as far as its last welcome told, whatever became of our own since; null before the first one. */
  centralMs(): number | null;
};

type Parts = {
  reception: Pick<Reception, 'talk'>;
  downlink: Pick<Downlink, 'skew'>;
  speaker: Speaker;
  say(frame: Uint8Array): Promise<void>;
  clock: Clock;
  log: Log;
};

export function makeReporting({ reception, downlink, speaker, say, clock, log }: Parts): Reporting {
  return {
    report(words) {
      const { session, codec, reports } = reception.talk();
      if (session === null || !reports) return false;
      say(makeReport(speaker, { session, codec }, words, clock.wallMs())).catch((error) =>
        log.info({ reason: messageOf(error) }, 'no report'),
      );
      return true;
    },
    centralMs() {
      const sample = downlink.skew();
      if (sample === null) return null;
      return sample.at.wallMs - sample.ms + (clock.monotonicMs() - sample.at.monotonicMs);
    },
  };
}
