// Four facts under the headline: what waits, what was confirmed, what came in, what could not be placed.
import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { bytes, clockSeconds, moment, number } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

const say = words.facts;

function Fact({ name, value, more }: { name: string; value: string; more: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="fact-more">{more}</dd>
    </div>
  );
}

function When({ name, atMs, now }: { name: string; atMs: number | null; now: ReadonlySignal<number> }): JSX.Element {
  if (atMs === null) return <Fact name={name} value={say.notYet} more="" />;
  const sameDay = now.value - atMs < 12 * 3_600_000;
  return (
    <Fact
      name={name}
      value={words.ago(atMs, now.value)}
      more={say.at(sameDay ? clockSeconds(atMs) : moment(atMs, now.value))}
    />
  );
}

export function Facts({ state, now }: { state: Snapshot; now: ReadonlySignal<number> }): JSX.Element {
  const { waiting, waitingSinceMs, setAside, disk = null } = state;
  return (
    <section aria-labelledby="facts-heading">
      <h2 id="facts-heading" class="unseen">
        {say.heading}
      </h2>
      <dl class="facts">
        <Fact
          name={say.waiting}
          value={waiting === 0 ? words.nothing : number(waiting)}
          more={waitingSinceMs === null ? say.allConfirmed : words.sinceFor(waitingSinceMs, now.value)}
        />
        <When name={say.confirmed} atMs={state.lastSettledMs} now={now} />
        <When name={say.taken} atMs={state.lastCapturedMs} now={now} />
        <Fact
          name={say.notPlaced}
          value={setAside === 0 ? words.none : number(setAside)}
          more={setAside === 0 ? say.allPlaced : <a href="#set-aside">{say.lookBelow}</a>}
        />
        {disk !== null && (
          <Fact
            name={say.room}
            value={disk.days === null ? say.roomUnknown : say.roomValue(disk.days)}
            more={disk.days === null ? say.roomFree(bytes(disk.freeBytes)) : say.roomMore}
          />
        )}
      </dl>
    </section>
  );
}
