// What the agent says about updates, in words: to people who look, and as notices where somebody must know.
import { DateTime } from 'luxon';
import { NOTICE_SHOWN_MS } from '../../core/limits.ts';
import type { UpdateStep, WaitReason } from '../../core/update.ts';
import type { Refusal, Release } from '../../core/update-release.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { GuardFile, UpdateFile } from '../../protocol/update.ts';

const WAITS: Record<WaitReason, string> = {
  'nothing-offered': 'Nothing newer is offered.',
  newest: 'This is the newest version.',
  'other-ring': 'The newest version does not reach this store yet.',
  beyond: 'The newest version is not released for this store yet.',
  'not-yet': 'The newest version may not be installed yet.',
  refused: 'What is offered is not for this store.',
  'guard-refused': 'The installer was refused.',
  'guard-busy': 'The new version is being installed or watched.',
  'guard-takes-over': 'The installer is being checked once more.',
  retry: 'It is tried again later.',
  'disk-full': 'The disk of this PC is too full for an update.',
  'outside-window': 'The new version is here. It waits for the time in which updates may be installed.',
  selling: 'The new version is here. It waits until no till is selling.',
  importing: 'The new version is here. It waits until a file has been read.',
};

const REFUSALS: Record<Refusal, string> = {
  'other-product': 'is another program',
  'other-computer': 'is made for another kind of computer or installer',
  'other-channel': 'belongs to another channel',
  older: 'is older than one that this store had before',
  'put-back-before': 'did not run here before and was put back',
  'needs-one-between': 'cannot follow this version: one in between is needed',
  expired: 'is no longer valid: check the clock of this PC, or publish it anew',
};

/** What the law decided, as a sentence for `tillwire update status`. */
export function stepSentence(step: UpdateStep, offered: string | null): string {
  switch (step.do) {
    case 'look':
      return 'Looking for a new version.';
    case 'download':
      return `Downloading version ${step.release.version}.`;
    case 'download-way-back':
      return 'Downloading the installer of this version, for the way back.';
    case 'hand-over':
      return WAITS['guard-takes-over'];
    case 'go':
      return `Version ${step.release.version} is being installed.`;
    case 'wait':
      return step.refusal === undefined ? WAITS[step.why] : refusalSentence(offered ?? '', step.refusal);
  }
}

export const refusalSentence = (version: string, refusal: Refusal): string =>
  `Version ${version} is refused: it ${REFUSALS[refusal]}.`;

/** What IT must know of a release that is offered and not taken; null where there is nothing to tell. */
export function refusedByGuard(step: UpdateStep, guard: GuardFile | null, offered: Release | null): string | null {
  if (step.do !== 'wait' || offered === null) return null;
  if (step.why === 'guard-refused') return guard?.refused.find(({ sha256 }) => sha256 === offered.sha256)?.why ?? null;
  // That one was put back is told anyway.
  if (step.refusal === undefined || step.refusal === 'put-back-before') return null;
  return refusalSentence(offered.version, step.refusal);
}

/** A wrong address or a line that is down is nobody's to act on; a release that is refused is IT's. */
export function updateNotices(state: UpdateFile, guard: GuardFile | null, running: string, nowMs: number): Notice[] {
  const notices: Notice[] = [];
  const last = guard?.law.last ?? null;
  const isRecent = last !== null && nowMs - last.atMs < NOTICE_SHOWN_MS;
  if (last?.outcome === 'put-back' && isRecent) {
    notices.push({
      code: 'update-put-back',
      message:
        `Version ${last.version} of this program did not run as it should, so version ${running} runs again. ` +
        'It came back by itself, and no sale was lost. Please tell IT.',
      atMs: last.atMs,
    });
  }
  if (last?.outcome === 'stuck') {
    notices.push({
      code: 'update-stuck',
      message: `Version ${last.version} of this program does not run as it should, and going back did not work. Please call IT now.`,
      atMs: last.atMs,
    });
  }
  if (state.problem !== null && state.problemMs !== null) {
    const message = `This program goes on as it is, and nothing is to be done in the store. For IT: ${state.problem}`;
    notices.push({ code: 'update-refused', message, atMs: state.problemMs });
  }
  return notices;
}

export const timeInWords = (ms: number | null): string =>
  ms === null ? 'never' : DateTime.fromMillis(ms).toFormat('yyyy-MM-dd HH:mm:ss');
