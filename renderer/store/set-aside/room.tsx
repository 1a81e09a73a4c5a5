// The room of what could not be placed, and of trying a file.
import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import type { RoomProps } from '../rooms.tsx';
import { TryFile } from '../try/try.tsx';
import { SetAside } from './set-aside.tsx';

export function SetAsideRoom({ agent }: RoomProps): JSX.Element {
  const count = useComputed(() => agent.snapshot.value?.setAside ?? 0);
  return (
    <>
      <SetAside agent={agent} count={count} />
      <TryFile agent={agent} />
    </>
  );
}
