// What the agent knows about its own computer, joined for the window, the commands and head office.
import type { Clock } from '../../core/clock.ts';
import { DISK_WARNING_DAYS, PAUSE_REMINDED_MS } from '../../core/limits/this-pc.ts';
import type { Notice, Snapshot } from '../../protocol/local/window.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Storage } from '../../storage/client.ts';
import { type ClockWatch, watchClock } from './clock-watch.ts';
import { type DiskWatch, watchDisk } from './disk-watch.ts';
import type { LineSwitch } from './line-switch.ts';

export type ThisPc = {
  folder: string;
  mirrorFolder: string;
  startedMs: number;
  line: LineSwitch;
  /** The key of this device. */
  signer: Signer;
  clock: ClockWatch;
  disk: DiskWatch;
  close(): void;
};

type Parts = {
  folder: string;
  mirrorFolder: string;
  line: LineSwitch;
  signer: Signer;
  storage: Pick<Storage, 'chart' | 'heads'>;
  clock: Clock;
  onChange(): void;
};

export function watchThisPc({ folder, mirrorFolder, line, signer, storage, clock, onChange }: Parts): ThisPc {
  const clockWatch = watchClock({ clock, skew: () => line.state().skew, onChange });
  const disk = watchDisk({ folder, mirrorFolder, storage, wallMs: clock.wallMs, onChange });
  return {
    ...{ folder, mirrorFolder, startedMs: clock.wallMs(), line, signer, clock: clockWatch, disk },
    close() {
      clockWatch.close();
      disk.close();
    },
  };
}

/** Its part of the window's snapshot. */
export function pcSnapshot({ line, clock, disk }: ThisPc): Pick<Snapshot, 'pause' | 'clock' | 'disk'> {
  return { pause: line.paused(), clock: clock.now(), disk: disk.now() };
}

/** What needs a person about it. The sentences are for commands and head office: the window has its own. */
export function pcNotices(pc: ThisPc, nowMs: number): Notice[] {
  const pause = pc.line.paused();
  const { skew } = pc.clock.now();
  const days = pc.disk.now()?.days ?? null;
  const notices: Notice[] = [];
  if (pause !== null && nowMs - pause.sinceMs >= PAUSE_REMINDED_MS) {
    const message = `Sending has been paused for more than a day by ${pause.by}: ${pause.reason}`;
    notices.push({ code: 'paused-long', message, atMs: pause.sinceMs });
  }
  if (skew !== null && pc.clock.isWrong()) {
    const minutes = Math.round(Math.abs(skew.ms) / 60_000);
    const message = `The clock of this PC is ${minutes} minutes ${skew.ms > 0 ? 'ahead' : 'behind'}: set date and time by the internet.`;
    notices.push({ code: 'clock-wrong', message, atMs: skew.measuredMs });
  }
  if (days !== null && days < DISK_WARNING_DAYS) {
    const message = `At the pace of the last weeks the disk of this PC is full in ${days === 1 ? '1 day' : `${days} days`}: delete what is not needed.`;
    notices.push({ code: 'disk-nearly-full', message, atMs: nowMs });
  }
  return notices;
}
