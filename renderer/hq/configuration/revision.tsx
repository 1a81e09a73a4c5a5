// One revision: what changes in words, until when stores take it, who signed it, and the document as people wrote it.
import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { RevisionDetail, RevisionRow } from '../../../protocol/hq/configuration.ts';
import { REACHABLE } from '../../kit/virtual.ts';
import { saveBytes } from '../../store/this-pc/save-file.ts';
import { askAgain } from '../asked.ts';
import type { Central } from '../central.ts';
import { CONFIGURATION, linkToRollout } from '../place.ts';
import { words } from '../words.ts';

const say = words.configuration.revisions;
/** It never changes, but may be withdrawn; and the document of a chain may have megabytes. */
const LOOK_MS = 300_000;
/** More than anybody reads here. */
const SHOWN_MAX = 60_000;

type RevisionProps = { revision: number; central: Central; now: ReadonlySignal<number> };

export function Revision({ revision, central, now }: RevisionProps): JSX.Element {
  const asked = useMemo(
    () => askAgain<RevisionDetail>(central, `/configuration/revisions/${revision}`, LOOK_MS),
    [central, revision],
  );
  useEffect(() => asked.stop, [asked]);
  useEffect(() => {
    document.title = words.title(words.configuration.revision(revision));
  }, [revision]);
  const told = asked.value.value;
  const isUnknown = asked.declined.value?.status === 404;
  return (
    <div class="one-store">
      <p>
        <a href={CONFIGURATION}>{words.configuration.back}</a>
      </p>
      <h1>{words.configuration.revision(revision)}</h1>
      {told === null ? (
        <p class="card" role="status">
          {isUnknown ? say.unknown(revision) : words.headline.opening}
        </p>
      ) : (
        <>
          <About row={told.row} now={now.value} />
          <Source revision={revision} source={told.source} />
        </>
      )}
    </div>
  );
}

function About({ row, now }: { row: RevisionRow; now: number }): JSX.Element {
  const { revision, title, issuedMs, expiresMs, publishedMs, by, signedBy, withdrawn, documents } = row;
  const isOver = expiresMs <= now;
  return (
    <section class="card" aria-label={say.about}>
      <p>
        <strong>{title}</strong>
      </p>
      {withdrawn !== null && (
        <p class="remainder">{say.withdrawn(withdrawn.by, withdrawn.reason, withdrawn.atMs, now)}</p>
      )}
      <p class={isOver ? 'remainder' : undefined}>
        {isOver ? say.expired(expiresMs) : say.until(expiresMs)} {say.names(documents - 1)}
      </p>
      <p>{say.issued(issuedMs, now)}</p>
      <ul>
        {signedBy.map(({ keyId, name, role }) => (
          <li key={keyId}>
            {name}, {say.roles[role]} <span class="exact">{keyId}</span>
          </li>
        ))}
      </ul>
      <p>
        {say.published(by, publishedMs, now)} <a href={linkToRollout(`r${revision}`)}>{say.rollout}</a>
      </p>
    </section>
  );
}

/** It may stand in one line: people read it with its fields below each other. */
function readable(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2);
  } catch {
    return source;
  }
}

function Source({ revision, source }: { revision: number; source: string }): JSX.Element {
  const text = useMemo(() => readable(source), [source]);
  const save = (): void => saveBytes(`configuration-${revision}.json`, new TextEncoder().encode(source));
  return (
    <div class="card">
      <div class="card-head">
        <h2 id="source-heading">{say.source}</h2>
        <button type="button" onClick={save}>
          {say.save}
        </button>
      </div>
      {text.length > SHOWN_MAX && <p class="quiet">{say.cut(SHOWN_MAX, text.length)}</p>}
      <section class="source" aria-labelledby="source-heading" {...REACHABLE}>
        <pre>{text.slice(0, SHOWN_MAX)}</pre>
      </section>
    </div>
  );
}
