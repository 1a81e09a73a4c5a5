// The course of a revision at this store: judged, written, switched to, on trial, good or put back. The machine in core says
// what; here it is done, one step after the other.
import { DateTime } from 'luxon';
import { judge, type Taken } from '../../core/configuration/judge.ts';
import {
  dropped,
  freeSlot,
  looked,
  nextSlotsStep,
  type Sight,
  shown,
  standpointOf,
  switched,
  trialRules,
  withdrew,
  written,
} from '../../core/configuration/slots-machine.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import type { ConfigurationMessage, RevisionForStore } from '../../protocol/configuration/revision.ts';
import { readWithdrawals, statementPorts } from '../../protocol/configuration/statements.ts';
import { checkConfiguration } from './check.ts';
import type { ConfigurationParts } from './keeper.ts';
import type { Slots, SlotsParts } from './slots.ts';
import type { TrustStore } from './trust-store.ts';

export type Course = {
  take(message: ConfigurationMessage): Promise<void>;
  /** One look at the trial, and at what waits for its time. */
  pulse(): Promise<void>;
};

type Parts = Omit<SlotsParts, 'log'> & ConfigurationParts & { slots: Slots; trust: TrustStore };

/** Pinned by the uplink. */
const CENTRAL_KEY = 'central-key';
const JUDGE_PORTS = { ...statementPorts, check: checkConfiguration };

export function openCourse(parts: Parts): Course {
  const { store, storage, clock, pace, files, trust, slots, sight } = parts;
  let latest: RevisionForStore | null = null;
  let judgedMs = 0;
  /** Not to its end: the disk did not take it, perhaps. */
  let isOpen = false;
  const centralMs = (): number => parts.centralMs() ?? clock.wallMs();

  async function judgeLatest(): Promise<void> {
    judgedMs = clock.monotonicMs();
    // Head office does not show it any more: it is not waited for.
    if (latest === null) {
      await slots.become({ ...slots.now(), next: null });
      isOpen = false;
      return;
    }
    const at = { store, trust: trust.now(), ...standpointOf(slots.now()), nowMs: centralMs() };
    const judgement = judge<Configuration>(latest, at, JUDGE_PORTS);
    await slots.become(shown(slots.now(), judgement, latest.times));
    if (judgement.kind === 'take') await write(judgement, latest);
    isOpen = false;
  }

  async function write({ envelope, digest, isOwn }: Taken<Configuration>, offer: RevisionForStore): Promise<void> {
    const slot = freeSlot(slots.now());
    // Judged again once the trial is over.
    if (slot === null) return;
    files.writeSlot(slot, offer);
    const { revision, expiresMs } = envelope;
    await slots.become(written(slots.now(), { slot, revision, digest, expiresMs, times: offer.times, isOwn }));
    await step();
  }

  async function step(): Promise<void> {
    const next = nextSlotsStep(slots.now(), centralMs(), minuteOfWeek(clock.wallMs()));
    if (next.do === 'switch') await slots.become(switched(slots.now(), await sight()));
    if (next.do === 'drop') await slots.become(dropped(slots.now()));
  }

  async function look(): Promise<void> {
    const rules = trialRules(parts.inForce.now().trial);
    await slots.become(looked(slots.now(), await sight(), { ...rules, trialMs: pace.trialMs(rules) }, pace));
    const { trial, since } = slots.now();
    const back = trial === null ? null : parts.program.putBack();
    if (back === null || back.atMs < since.ms) return;
    await slots.cannotFollow(`version ${back.version} of this program did not run and was put back`);
  }

  /** What was refused for its date may be right now: somebody may have set a clock. */
  function isDueAnew(): boolean {
    const code = slots.now().shown?.refused?.code;
    const isByDate = code === 'expired' || code === 'trust-expired';
    return isByDate && clock.monotonicMs() - judgedMs >= pace.rejudgeMs;
  }

  return {
    async take({ trusts, withdrawals, revision }) {
      latest = revision;
      isOpen = true;
      await trust.follow(trusts);
      const key = await storage.readSetting(CENTRAL_KEY);
      for (const taken of readWithdrawals(withdrawals, key === null ? [] : [key])) {
        await slots.become(withdrew(slots.now(), { revision: taken.revision, why: taken.reason }, await sight()));
      }
      await judgeLatest();
    },
    async pulse() {
      const { trial, blamed } = slots.now();
      if (trial !== null || blamed !== null) await look();
      await step();
      const now = slots.now();
      const isOver = (trial !== null && now.trial === null) || (blamed !== null && now.blamed === null);
      if (isOpen || (latest !== null && (isOver || isDueAnew()))) await judgeLatest();
    },
  };
}

/** By the clock on the wall of this PC, from Monday 0:00. */
function minuteOfWeek(nowMs: number): number {
  const { weekday, hour, minute } = DateTime.fromMillis(nowMs);
  return ((weekday - 1) * 24 + hour) * 60 + minute;
}

/** For how long the line was not up, by a clock that only runs forward. */
export function watchLine({ isLineUp, clock }: Pick<ConfigurationParts, 'isLineUp' | 'clock'>): () => Sight['line'] {
  let downSinceMs: number | null = null;
  return () => {
    const isUp = isLineUp();
    const nowMs = clock.monotonicMs();
    downSinceMs = isUp ? null : (downSinceMs ?? nowMs);
    return { isUp, downMs: nowMs - (downSinceMs ?? nowMs) };
  };
}
