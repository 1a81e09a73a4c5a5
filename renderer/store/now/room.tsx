// The first room: is all sent, and what of today.
import type { JSX } from 'preact';
import { Past } from '../past.tsx';
import type { RoomProps } from '../rooms.tsx';
import { Facts } from './facts.tsx';
import { GoodToKnow } from './notices.tsx';
import { Throughput } from './throughput.tsx';
import { Tills } from './tills.tsx';

export function NowRoom({ agent, state, now }: RoomProps): JSX.Element {
  return (
    <>
      <Facts state={state} now={now} />
      <Past state={state} />
      <div class="columns">
        <Throughput agent={agent} />
        <Tills state={state} />
      </div>
      <GoodToKnow state={state} />
    </>
  );
}
