// One store: how it stands in words and what to do about it, its computers, what was asked of it, what is open.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import type { FleetRow, FleetStatus } from '../../protocol/hq/fleet.ts';
import { showFavicon } from '../kit/favicon.ts';
import { moment, number } from '../kit/format.ts';
import { StateSign } from '../kit/icons.tsx';
import { Commands } from './commands.tsx';
import { Computers } from './computers.tsx';
import { ConfigurationFact } from './configuration/fact.tsx';
import { type Details, openDetails } from './details.ts';
import { alsoInWords, heardInWords, standingInWords } from './in-words.ts';
import type { Live } from './live.ts';
import { LIST } from './place.ts';
import { Questions } from './questions.tsx';
import { lookOf } from './tone.ts';
import type { Session } from './who.ts';
import { words } from './words.ts';

const say = words.store;

type StoreProps = { id: string; live: Live; now: ReadonlySignal<number>; session: Session; who: WhoAmI };

export function Store({ id, live, now, session, who }: StoreProps): JSX.Element {
  const details = useMemo(() => openDetails(session.central, id), [session, id]);
  useEffect(() => details.stop, [details]);
  // Told by both, whichever is newer; where only this store may be seen, by the details alone.
  const row = useSignal<FleetRow | null>(null);
  useSignalEffect(() => {
    row.value = live.rows.value?.find(({ store }) => store === id) ?? row.peek();
  });
  useSignalEffect(() => {
    row.value = details.store.value?.row ?? row.peek();
  });
  useSignalEffect(() => {
    document.title = words.title(say.name(id));
    if (row.value !== null) showFavicon(lookOf(row.value.state, row.value.level).sign);
  });
  return (
    <div class="one-store">
      <p>
        <a href={LIST}>{say.back}</a>
      </p>
      <Head id={id} row={row.value} live={live} details={details} now={now.value} />
      {row.value !== null && (
        <>
          <Facts row={row.value} status={details.store.value?.status ?? null} now={now.value}>
            <ConfigurationFact store={id} central={session.central} />
          </Facts>
          <div class="columns">
            <Commands id={id} details={details} central={session.central} who={who} now={now} />
            <div class="store-side">
              <Computers id={id} details={details} central={session.central} who={who} now={now} />
              <Questions page={details.questions.value} now={now.value} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

type HeadProps = { id: string; row: FleetRow | null; live: Live; details: Details; now: number };

function Head({ id, row, live, details, now }: HeadProps): JSX.Element {
  if (row === null) {
    return (
      <section class="hero fleet-hero" data-tone="lost">
        <div class="hero-sign">
          <StateSign name="lost" />
        </div>
        <div class="hero-words">
          <h1>{say.name(id)}</h1>
          <p role="status">{details.isUnknown.value ? say.unknown(id) : words.headline.opening}</p>
        </div>
      </section>
    );
  }
  const { tone, sign } = lookOf(row.state, row.level);
  const also = alsoInWords(row, now);
  const status = details.store.value?.status ?? null;
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="store-name">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="store-name">{say.name(id)}</h1>
        <p role="status" class="hero-todo">
          {[standingInWords(row, now), also].filter(Boolean).join(' · ')}
        </p>
        <p>{words.todo[row.state]}</p>
        {row.device === null && (row.state === 'taken-back' || row.state === 'moved-out') && (
          <p class="exact">{say.enrol(id)}</p>
        )}
        {row.state === 'paused' && status?.pausedBy != null && (
          <p>{say.pausedBy(status.pausedBy, status.pausedWhy ?? '')}</p>
        )}
        {live.line.value === 'lost' && <p>{words.headline.lostDetail}</p>}
      </div>
    </section>
  );
}

function Fact({ name, more, children }: { name: string; more?: string | undefined; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd class="fact-more">{more ?? ''}</dd>
    </div>
  );
}

type FactsProps = { row: FleetRow; status: FleetStatus | null; now: number; children: ComponentChildren };

function Facts({ row, status, now, children }: FactsProps): JSX.Element {
  const { waiting, waitingSinceMs } = row;
  const waitingMore =
    waiting === null
      ? say.waitingUnknown
      : waitingSinceMs === null
        ? say.waitingNone
        : say.waitingSince(waitingSinceMs, now);
  return (
    <section aria-label={say.facts}>
      <dl class="facts">
        <Fact name={say.heard} more={say.heardMore(row.online)}>
          {heardInWords(row.heardMs, now)}
        </Fact>
        <Fact name={say.waiting} more={waitingMore}>
          {waiting === null ? words.unknown : number(waiting)}
        </Fact>
        <Fact name={say.posted} more={row.postedMs === null ? undefined : moment(row.postedMs, now)}>
          {heardInWords(row.postedMs, now)}
        </Fact>
        <Fact name={say.version} more={row.computer ?? undefined}>
          {row.version ?? words.unknown}
        </Fact>
        {children}
        {status !== null && status.diskFreeBytes !== null && (
          <Fact name={say.disk} more={status.diskDays === null ? undefined : say.diskDays(status.diskDays)}>
            {say.diskFree(status.diskFreeBytes)}
          </Fact>
        )}
        {row.refused > 0 && (
          <Fact name={say.refused} more={say.refusedMore}>
            {number(row.refused)}
          </Fact>
        )}
        {status !== null && status.setAside > 0 && (
          <Fact name={say.setAside} more={say.setAsideMore}>
            {number(status.setAside)}
          </Fact>
        )}
      </dl>
    </section>
  );
}
