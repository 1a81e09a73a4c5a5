// The room of this PC: for whoever looks after it, and for staff on the telephone with them.
import type { JSX } from 'preact';
import { words } from '../../kit/words.ts';
import type { RoomProps } from '../rooms.tsx';
import { useKnown } from './asked.ts';
import { About, Door, Kept, PcClock, Place, SetByHeadOffice } from './facts.tsx';
import { Help, Wipe } from './saving.tsx';
import { Sending } from './sending.tsx';

export function PcRoom({ agent, state, now }: RoomProps): JSX.Element {
  const known = useKnown(agent).value;
  return (
    <div class="pc">
      <div class="pc-acts">
        <Sending agent={agent} state={state} />
        {known === null ? <p class="card quiet">{words.pc.loading}</p> : <Wipe agent={agent} wipe={known.wipe} />}
        <Help agent={agent} state={state} />
      </div>
      <div class="pc-acts">
        {known !== null && <Kept pc={known.pc} state={state} />}
        {state.clock !== undefined && <PcClock clock={state.clock} now={now} />}
        {known !== null && <Place pc={known.pc} state={state} />}
        {known !== null && <SetByHeadOffice pc={known.pc} state={state} />}
        {known !== null && <About pc={known.pc} state={state} />}
        {known !== null && <Door pc={known.pc} state={state} />}
      </div>
    </div>
  );
}
