// What the agent found: first what a person must act on, elsewhere what is merely good to know.
import type { JSX } from 'preact';
import type { Notice, Snapshot } from '../../../protocol/local/window.ts';
import { moment } from '../../kit/format.ts';
import { Icon, type IconName, StateSign } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { needsSomeone, toActOn, toKnow } from './needs.ts';

const say = words.needs;
function Told({ notice, icon, nowMs }: { notice: Notice; icon: IconName; nowMs: number }): JSX.Element {
  return (
    <li>
      <Icon name={icon} />
      <p>
        <strong>{say.titles[notice.code]}.</strong> {notice.message}{' '}
        <time dateTime={new Date(notice.atMs).toISOString()}>{moment(notice.atMs, nowMs)}</time>
      </p>
    </li>
  );
}

/** Nothing at all where nobody is needed. */
export function NeedsYou({ state }: { state: Snapshot }): JSX.Element | null {
  if (!needsSomeone(state)) return null;
  return (
    <section class="needs" data-tone="safe" aria-labelledby="needs-heading">
      <h2 id="needs-heading">
        <StateSign name="needs" />
        {say.heading}
      </h2>
      <ul>
        {toActOn(state).map((notice) => (
          <Told key={notice.code} icon="warning" notice={notice} nowMs={state.nowMs} />
        ))}
        {state.setAside > 0 && (
          <li>
            <Icon name="warning" />
            <p>
              <strong>{say.setAside(state.setAside)}.</strong> {say.setAsideTodo}{' '}
              <a href="#set-aside">{words.facts.lookBelow}</a>
            </p>
          </li>
        )}
      </ul>
    </section>
  );
}

export function GoodToKnow({ state }: { state: Snapshot }): JSX.Element | null {
  const notices = toKnow(state);
  if (notices.length === 0) return null;
  return (
    <section class="know card" aria-labelledby="know-heading">
      <h2 id="know-heading">{say.know}</h2>
      <ul>
        {notices.map((notice) => (
          <Told key={notice.code} icon="info" notice={notice} nowMs={state.nowMs} />
        ))}
      </ul>
    </section>
  );
}
