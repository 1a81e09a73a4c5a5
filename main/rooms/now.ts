// Answers the first room: the chart.
import { implement } from '@orpc/server';
import { nowContract } from '../../protocol/local/rooms/now.ts';
import type { WindowParts } from './parts.ts';

export function nowRoom({ storage, clock }: WindowParts) {
  const os = implement(nowContract);
  return os.router({
    chart: os.chart.handler(({ input }) => storage.chart({ ...input, nowMs: clock.wallMs() })),
  });
}
