// The rooms of the window and the way between them.
import type { ReadonlySignal } from '@preact/signals';
import type { ComponentType, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Snapshot } from '../../protocol/local/window.ts';
import { number } from '../kit/format.ts';
import { words } from '../kit/words.ts';
import type { Agent } from './agent.ts';
import { CountRoom } from './count/room.tsx';
import { GoodsRoom } from './goods/room.tsx';
import { needed } from './needs/notices.ts';
import { NeedsRoom } from './needs/room.tsx';
import type { Headline } from './now/headline.ts';
import { NowRoom } from './now/room.tsx';
import { linkTo, type Place, type Room } from './place.ts';
import { ReceiptsRoom } from './receipts/room.tsx';
import { SetAsideRoom } from './set-aside/room.tsx';
import { StockRoom } from './stock/room.tsx';
import { PcRoom } from './this-pc/room.tsx';

export type RoomProps = {
  agent: Agent;
  /** The newest that was heard. */
  state: Snapshot;
  /** The agent's clock, each second. */
  now: ReadonlySignal<number>;
  top: ReadonlySignal<Headline>;
  /** What the address says behind the room. */
  rest: string;
};

/** In the order of the way between them. */
const BUILT: [Room, ComponentType<RoomProps>][] = [
  ['now', NowRoom],
  ['needs', NeedsRoom],
  ['receipts', ReceiptsRoom],
  ['stock', StockRoom],
  ['goods', GoodsRoom],
  ['count', CountRoom],
  ['set-aside', SetAsideRoom],
  ['pc', PcRoom],
];

const say = words.rooms;

/** What waits for somebody in a room. */
function waitingIn(room: Room, state: Snapshot | null): number {
  if (state === null) return 0;
  if (room === 'needs') return needed(state);
  return room === 'set-aside' ? state.setAside : 0;
}

export function Ways({ place, state }: { place: Place; state: Snapshot | null }): JSX.Element {
  return (
    <nav class="ways" aria-label={say.label}>
      <ul>
        {BUILT.map(([room]) => {
          const waiting = waitingIn(room, state);
          return (
            <li key={room}>
              <a href={linkTo(room)} aria-current={room === place.room ? 'page' : undefined}>
                <span aria-hidden="true">{say.names[room]}</span>
                {waiting > 0 && (
                  <span class="ways-count" aria-hidden="true">
                    {number(waiting)}
                  </span>
                )}
                <span class="unseen">{say.waiting(say.names[room], waiting)}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

export function Here({ place, ...props }: Omit<RoomProps, 'rest'> & { place: Place }): JSX.Element {
  const Inside = BUILT.find(([room]) => room === place.room)?.[1] ?? NowRoom;
  const room = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    // Whoever goes to another room by keyboard goes on from its beginning.
    if (!first.current) room.current?.focus();
    first.current = false;
  }, [place.room]);
  return (
    <div class="room" ref={room} tabIndex={-1}>
      {place.room !== 'now' && <h1 class="unseen">{say.names[place.room]}</h1>}
      <Inside {...props} rest={place.rest} />
    </div>
  );
}
