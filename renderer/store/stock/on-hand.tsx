// How many there were over time, as steps: from the history that is shown beside it.
import type { JSX } from 'preact';
import type { ShelfStep } from '../../../protocol/local/exceptions.ts';
import { moment } from '../../kit/format.ts';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';

const WIDTH = 600;
const HEIGHT = 120;
const EDGE = 6;

type Point = { x: number; y: number };

/** One level for each step, from its time to the next one's, within a box of WIDTH by HEIGHT. */
function pointsOf(steps: Pick<ShelfStep, 'atMs' | 'onHand'>[], nowMs: number): { points: Point[]; zero: number } {
  // Decisions and documents keep their order where their clocks do not.
  let latest = Number.NEGATIVE_INFINITY;
  const timed = steps.map(({ atMs, onHand }) => {
    latest = Math.max(latest, atMs);
    return { atMs: latest, onHand };
  });
  const from = timed[0]?.atMs ?? nowMs;
  const through = Math.max(nowMs, latest, from + 1);
  const values = timed.map(({ onHand }) => onHand);
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1_000, ...values);
  const place = (value: number): number => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const points = timed.map(({ atMs, onHand }) => ({
    x: ((atMs - from) / (through - from)) * WIDTH,
    y: place(onHand),
  }));
  return { points, zero: place(0) };
}

type ChartProps = { sku: string; steps: ShelfStep[]; nowMs: number };

export function OnHandChart({ sku, steps, nowMs }: ChartProps): JSX.Element | null {
  const [first, ...others] = steps;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return null;
  const levels = steps.map(({ onHand }) => onHand);
  const { points, zero } = pointsOf(steps, nowMs);
  const [begin, ...rest] = points;
  const path = `M${begin?.x} ${begin?.y}${rest.map(({ x, y }) => `H${x}V${y}`).join('')}H${WIDTH}`;
  return (
    <figure class="on-hand-chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.stock.chart(sku, units(first.onHand), units(last.onHand))}
      >
        <path class="zero" d={`M0 ${zero}H${WIDTH}`} />
        <path class="level" d={path} />
      </svg>
      <figcaption class="quiet">
        <span>{moment(first.atMs, nowMs)}</span>
        <span>{words.stock.between(units(Math.min(...levels)), units(Math.max(...levels)))}</span>
        <span>{moment(nowMs, nowMs)}</span>
      </figcaption>
    </figure>
  );
}
