// What needs a person besides questions: tills that went silent, and notices that the window tells in its own words.
import type { JSX } from 'preact';
import { DISK_WARNING_DAYS } from '../../../core/limits/this-pc.ts';
import type { Notice, SilentTill, Snapshot } from '../../../protocol/local/window.ts';
import { moment } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { linkTo } from '../place.ts';

const say = words.needs;
const MINUTE_MS = 60_000;

const callFor = ({ settings: { help } }: Snapshot): string =>
  words.headline.call(help?.name ?? null, help?.phone ?? null);

export function Silent({ till, state }: { till: SilentTill; state: Snapshot }): JSX.Element {
  return (
    <li>
      <Icon name="warning" />
      <p>
        <strong>{say.silentTill(till.workstation)}.</strong> {say.silentSince(till.lastMs, state.nowMs)}{' '}
        {say.silentTodo(callFor(state))}
      </p>
    </li>
  );
}

/** The notice in the reader's language where all that it says is known here; else the program's own sentence. */
function sentenceOf({ code, message }: Notice, state: Snapshot): string {
  const { pause, clock, disk } = state;
  if (code === 'paused-long' && pause) return say.pausedLong(pause.by, pause.reason);
  if (code === 'access-taken-back') return say.takenBack(callFor(state));
  if (code === 'moving-out') return say.movingOut;
  if (code === 'clock-wrong' && clock?.skew) {
    const minutes = Math.round(Math.abs(clock.skew.ms) / MINUTE_MS);
    return `${say.clock(minutes, clock.skew.ms > 0)} ${say.clockTodo(callFor(state))}`;
  }
  if (code === 'disk-nearly-full' && disk && disk.days !== null && disk.days < DISK_WARNING_DAYS) {
    return say.diskDays(disk.days, callFor(state));
  }
  return message;
}

export function Found({ notice, state }: { notice: Notice; state: Snapshot }): JSX.Element {
  return (
    <li>
      <Icon name="warning" />
      <p>
        <strong>{say.titles[notice.code]}.</strong> {sentenceOf(notice, state)}{' '}
        {notice.code === 'paused-long' && <a href={linkTo('pc')}>{say.pausedTodo}</a>}
        {notice.code !== 'disk-nearly-full' && (
          <time dateTime={new Date(notice.atMs).toISOString()}> {moment(notice.atMs, state.nowMs)}</time>
        )}
      </p>
    </li>
  );
}
