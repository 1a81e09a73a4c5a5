// The receipts room.
import type { JSX } from 'preact';
import type { RoomProps } from '../rooms.tsx';
import { Recent } from './recent.tsx';

export function ReceiptsRoom({ agent }: RoomProps): JSX.Element {
  return <Recent agent={agent} />;
}
