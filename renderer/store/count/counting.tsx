// A count that goes on: writing on the one side, what is written and what is missing on the other.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { SheetHead } from '../../../protocol/local/rooms/count.ts';
import { moment } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { Entry } from './entry.tsx';
import { backToScanning, useCursor } from './focus.ts';
import { Lines } from './lines.tsx';
import { Missing } from './missing.tsx';
import type { SheetProps } from './room.tsx';
import type { Sheet } from './sheet.ts';

const say = words.count;
/** Beyond this people are told that a count must not lie for days. */
const OLD_MS = 24 * 3_600_000;

function GiveUp({ agent, sheet, lines }: { agent: Agent; sheet: Sheet; lines: number }): JSX.Element {
  const isAsked = useSignal(false);
  const said = useSignal('');
  async function giveUp(): Promise<void> {
    const told = await agent.ask(async (client, signal) => ({
      isGone: await client.count.giveUp({ sheet: sheet.id }, { signal }),
    }));
    if (told === null) said.value = say.noAnswer;
    else location.hash = linkTo('count');
  }
  if (!isAsked.value) {
    return (
      <button
        type="button"
        onClick={() => {
          isAsked.value = true;
        }}
      >
        {say.acts.giveUp}
      </button>
    );
  }
  return (
    <Sure
      lines={lines}
      said={said.value}
      yes={() => void giveUp()}
      no={() => {
        isAsked.value = false;
        backToScanning();
      }}
    />
  );
}

type SureProps = { lines: number; said: string; yes: () => void; no: () => void };

/** The cursor is on the answer that does no harm. */
function Sure({ lines, said, yes, no }: SureProps): JSX.Element {
  const harmless = useCursor<HTMLButtonElement>();
  return (
    <div class="count-sure" role="alertdialog" aria-labelledby="count-sure">
      <p id="count-sure">{say.acts.sure(lines)}</p>
      <p class="count-buttons">
        <button type="button" ref={harmless} onClick={no}>
          {say.acts.giveUpNo}
        </button>
        <button type="button" onClick={yes}>
          {say.acts.giveUpYes}
        </button>
      </p>
      <p role="status">{said}</p>
    </div>
  );
}

export function Counting(props: SheetProps & { head: SheetHead }): JSX.Element {
  const { agent, sheet, nowMs, head } = props;
  const isOld = head.oldestMs !== null && nowMs - head.oldestMs > OLD_MS;
  return (
    <>
      <section class="card count-head">
        <div class="card-head">
          <h2>{say.write.heading(head.area)}</h2>
          <p>{say.write.sums(head.articles, say.units(head.units))}</p>
        </div>
        <p class="count-acts">
          <a class="primary" href={linkTo('count', `${sheet.id}/check`)}>
            {say.acts.check}
          </a>
          <a href={linkTo('count', `${sheet.id}/paper`)}>{say.acts.paper}</a>
          <a href={linkTo('count', `${sheet.id}/print`)}>{say.acts.print}</a>
          <a href={linkTo('count')}>{say.acts.all}</a>
          {head.counters.length > 0 && (
            <span class="quiet">{say.write.others(head.counters.map((one) => one.counter).join(', '))}</span>
          )}
        </p>
        {isOld && head.oldestMs !== null && <p role="alert">{say.write.old(moment(head.oldestMs, nowMs))}</p>}
      </section>
      <div class="columns count-columns">
        <div class="column count-lists">
          <Entry agent={agent} sheet={sheet} />
          <Missing {...props} />
          <p>
            <GiveUp agent={agent} sheet={sheet} lines={head.lines} />
          </p>
        </div>
        <Lines {...props} />
      </div>
    </>
  );
}
