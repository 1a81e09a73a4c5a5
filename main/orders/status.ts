// How this computer is, as head office is told: counts, times and codes, no documents and no names of customers.

import { STATUS_NOTICES_MAX } from '../../core/limits/commands.ts';
import { DISK_WARNING_DAYS } from '../../core/limits/this-pc.ts';
import { AGENT_VERSION_LENGTH_MAX } from '../../core/limits.ts';
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import type { StoreStatus } from '../../protocol/wire/order-frames.ts';
import { version } from '../version.ts';

export function statusOf(live: Snapshot, membership: Membership | null): StoreStatus {
  const { line, waiting, waitingSinceMs, lastCapturedMs, setAside, exceptions, pause, disk, clock, notices } = live;
  return {
    line,
    agent: version.slice(0, AGENT_VERSION_LENGTH_MAX),
    started: live.startedMs ?? live.nowMs,
    device: membership?.device ?? null,
    certificateEnds: membership?.certificateEndsMs ?? null,
    waiting,
    waitingSince: waitingSinceMs,
    lastCaptured: lastCapturedMs,
    setAside,
    questions: exceptions.store,
    pause: pause ? { reason: pause.reason, by: pause.by, since: pause.sinceMs } : null,
    disk: disk ? { freeBytes: disk.freeBytes, days: disk.days } : null,
    skew: clock?.skew?.ms ?? null,
    notices: [...new Set(notices.map(({ code }) => code))].slice(0, STATUS_NOTICES_MAX),
  };
}

/** What is worth a report of its own; the rest is told with the next regular one. */
const newsOf = ({
  line,
  agent,
  device,
  certificateEnds,
  waiting,
  setAside,
  questions,
  pause,
  disk,
  notices,
}: StoreStatus) => ({
  ...{ line, agent, device, certificateEnds, setAside, questions, pause, notices },
  // Ten more, a hundred more: a backlog that grows is told, each single sale is not.
  waiting: waiting.toString().length * Math.sign(waiting),
  diskLow: disk !== null && disk.days !== null && disk.days < DISK_WARNING_DAYS,
});

export const isOtherStatus = (before: StoreStatus, now: StoreStatus): boolean =>
  JSON.stringify(newsOf(before)) !== JSON.stringify(newsOf(now));
