// What central decides, gives back or compares: checked, handed to the journal, and answered.
import type { Clock } from '../core/clock.ts';
import { type Cut, sameAt } from '../core/order.ts';
import type { Batch, Compare, Directives } from '../protocol/wire/frames.ts';
import { checkBranch, checkDirectives } from './checks.ts';
import type { Speaker } from './outgoing.ts';
import type { Log, Outbox } from './ports.ts';
import { STRANGER } from './reasons.ts';
import type { Input } from './session-words.ts';
import { makeDiffering, makeDirectivesAck, type Within } from './side-frames.ts';

/** What was asked of central in this session: only an answer to it is taken. */
export type Asked = { recalled: boolean; compared: Cut | null };

export type Answer = { input: Input | null; reply: Uint8Array | null };

export type AnswerPorts = { outbox: Outbox; speaker: Speaker; clock: Clock; log: Log };

/** Each rejects where the journal does not answer. */
export type Answers = {
  directives(frame: Directives, within: Within, centralKey: string): Promise<Answer>;
  branch(batch: Batch, asked: Asked): Promise<Answer>;
  shelves(compare: Compare, within: Within, asked: Asked): Promise<Answer>;
};

const NOTHING: Answer = { input: null, reply: null };

export function makeAnswers({ outbox, speaker, clock, log }: AnswerPorts): Answers {
  const ignore = (what: string): Answer => {
    log.info({ what }, 'ignored a frame');
    return NOTHING;
  };
  const doubt = (reason: string, what: string): Answer => {
    log.warn({ reason, what }, 'refused a frame');
    return { input: { kind: 'doubted', reason }, reply: null };
  };
  const contradicted = (what: string, keeps: number | null): Answer => {
    log.error({ what }, 'central contradicts what it signed before');
    return { input: { kind: 'contradicted', keeps }, reply: null };
  };

  /** Those that are known already are acknowledged again: the first answer may have been lost. */
  async function directives(frame: Directives, within: Within, centralKey: string): Promise<Answer> {
    const checked = checkDirectives(frame, await outbox.directives(), centralKey);
    switch (checked.kind) {
      case 'gap':
        return ignore('directives behind ones that did not come');
      case 'doubted':
        return doubt(checked.reason, 'directives');
      case 'contradicted':
        return contradicted('directives', 0);
      case 'good': {
        const applied = await outbox.applyDirectives(checked.received);
        const missing = (await outbox.missing()) !== null;
        const reply = makeDirectivesAck(speaker, within, applied, clock.wallMs());
        return { input: { kind: 'applied', dseq: applied.dseq, missing }, reply };
      }
    }
  }

  async function branch(batch: Batch, asked: Asked): Promise<Answer> {
    const missing = asked.recalled ? await outbox.missing() : null;
    if (missing === null) return ignore('entries that were not recalled');
    const checked = checkBranch(batch, missing);
    switch (checked.kind) {
      case 'stale':
        return ignore('recalled entries out of turn');
      case 'doubted':
        return doubt(STRANGER, 'recalled entries');
      case 'apart':
        // Central lost what it had proven, and took other entries since: it is asked for all of that epoch.
        if (!(await outbox.doubtCommon())) return contradicted('recalled entries', null);
        return { input: { kind: 'recalled', missing: true }, reply: null };
      case 'contradicted':
        return contradicted('recalled entries', null);
      case 'good':
        await outbox.keepBranch(missing.epoch, checked.entries);
        return { input: { kind: 'recalled', missing: (await outbox.missing()) !== null }, reply: null };
    }
  }

  /** A damaged book here mends itself; what still differs is named, and a person decides (L6). */
  async function shelves({ cut, found }: Compare, within: Within, { compared }: Asked): Promise<Answer> {
    const isAnswer = compared !== null && sameAt(compared.at, cut.at) && compared.dseq === cut.dseq;
    if (found.step !== 'shelves' || !isAnswer) return ignore('a comparison at another cut');
    const differing = await outbox.mend(cut, found.buckets, found.shelves);
    if (differing === null) return ignore('a comparison at a cut that is past');
    log.error({ differing: differing.length, cut }, 'the book differed from that of central');
    // With no sum apart it can only be the outcomes: no shelf is named, and somebody is asked all the same.
    const isMended = differing.length === 0 && found.buckets.length > 0;
    const reply = isMended ? null : makeDiffering(speaker, within, cut, differing, clock.wallMs());
    return { input: { kind: 'compared' }, reply };
  }

  return { directives, branch, shelves };
}
