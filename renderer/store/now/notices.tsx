// What the agent found: first what a person must act on, elsewhere what is merely good to know.
import type { JSX } from 'preact';
import type { Notice, Snapshot } from '../../../protocol/local/window.ts';
import { moment } from '../../kit/format.ts';
import { Icon, StateSign } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';

const say = words.needs;
/** `held` is told by the headline itself. */
const TO_ACT_ON: Notice['code'][] = ['one-copy-only', 'disk-nearly-full'];
const TO_KNOW: Notice['code'][] = ['restored-from-mirror', 'new-epoch', 'trial-central'];

function Told({ notice, nowMs }: { notice: Notice; nowMs: number }): JSX.Element {
  return (
    <li>
      <Icon name={TO_KNOW.includes(notice.code) ? 'info' : 'warning'} />
      <p>
        <strong>{say.titles[notice.code]}.</strong> {notice.message}{' '}
        <time dateTime={new Date(notice.atMs).toISOString()}>{moment(notice.atMs, nowMs)}</time>
      </p>
    </li>
  );
}

const toActOn = (state: Snapshot): Notice[] => state.notices.filter(({ code }) => TO_ACT_ON.includes(code));

export const needsSomeone = (state: Snapshot): boolean => state.setAside > 0 || toActOn(state).length > 0;

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
          <Told key={notice.code} notice={notice} nowMs={state.nowMs} />
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
  const notices = state.notices.filter(({ code }) => TO_KNOW.includes(code));
  if (notices.length === 0) return null;
  return (
    <section class="know card" aria-labelledby="know-heading">
      <h2 id="know-heading">{say.know}</h2>
      <ul>
        {notices.map((notice) => (
          <Told key={notice.code} notice={notice} nowMs={state.nowMs} />
        ))}
      </ul>
    </section>
  );
}
