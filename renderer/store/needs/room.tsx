// The room of what needs somebody in the store.
import type { JSX } from 'preact';
import type { RoomProps } from '../rooms.tsx';
import { NeedsYou } from './needs.tsx';

export function NeedsRoom({ agent, state }: RoomProps): JSX.Element {
  return <NeedsYou agent={agent} state={state} />;
}
