// What is said of the store outside its window, in the window's own words and signs.
import { SENTENCE_LENGTH_MAX } from '../../core/limits/desktop.ts';
import type { Standing } from '../../protocol/local/desktop.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { type Backlog, nextBacklog } from '../../renderer/store/now/backlog.ts';
import { headline } from '../../renderer/store/now/headline.ts';

/** Takes one snapshot after the other: a backlog is judged by those before. */
export function makeStanding(): (snapshot: Snapshot) => Standing {
  let backlog: Backlog | null = null;
  return (snapshot) => {
    backlog = nextBacklog(backlog, snapshot);
    const { nowMs } = snapshot;
    const top = headline({ connection: 'open', connectionSinceMs: nowMs, snapshot, nowMs, backlog });
    return {
      sign: top.sign,
      store: snapshot.store,
      sentence: top.sentence.slice(0, SENTENCE_LENGTH_MAX),
      questions: snapshot.exceptions,
      notices: snapshot.notices.map(({ code }) => code),
    };
  };
}
