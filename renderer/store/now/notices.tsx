// What the agent found and is merely good to know; what a person must act on is in needs/.
import type { JSX } from 'preact';
import type { Notice, Snapshot } from '../../../protocol/local/window.ts';
import { moment } from '../../kit/format.ts';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { toKnow } from '../needs/notices.ts';

const say = words.needs;
export function Told({ notice, icon, nowMs }: { notice: Notice; icon: IconName; nowMs: number }): JSX.Element {
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
