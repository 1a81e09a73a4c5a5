// Lines over time on a canvas (uPlot), coloured by the style sheet and redrawn when the colour scheme changes.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockMinutes, number, weekDay } from './format.ts';

export type ChartLine = {
  label: string;
  /** Name of a registered colour property: an unregistered light-dark() would be painted black. */
  colour: `--${string}`;
  /** Fills the area below the line. */
  fill?: `--${string}` | undefined;
};

export type ChartProps = {
  /** Seconds, then one list of values for each line. */
  data: uPlot.AlignedData;
  lines: [ChartLine, ChartLine];
  /** Fills the gap between the first line and the second. */
  gap: `--${string}`;
  /** What a person who can't see the picture is told. */
  label: string;
};

const DAY_SECONDS = 86_400;
/** Steps between times on the axis in seconds: whole minutes or days, as the labels are. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720].map((minutes) => minutes * 60),
  ...[1, 2, 5, 7, 14].map((days) => days * DAY_SECONDS),
];
const REDRAW_ON = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)'];

/** Hatching tells the gap from a plain area without colour. */
function hatch(colour: string): CanvasPattern | string {
  const tile = document.createElement('canvas');
  const side = 8;
  tile.width = tile.height = side;
  const brush = tile.getContext('2d');
  if (brush === null) return colour;
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  for (const shift of [-side, 0, side]) {
    brush.moveTo(shift, side);
    brush.lineTo(shift + side, 0);
  }
  brush.stroke();
  return brush.createPattern(tile, 'repeat') ?? colour;
}

const painted =
  (css: (name: string) => string, colour: string): (() => string) =>
  () =>
    css(colour);

function axis(css: (name: string) => string, rest: uPlot.Axis): uPlot.Axis {
  return {
    font: `12px ${css('--chart-font')}`,
    stroke: painted(css, '--chart-text'),
    grid: { stroke: painted(css, '--chart-grid'), width: 1 },
    ticks: { show: false },
    ...rest,
  };
}

function options(host: HTMLElement, { lines, gap }: ChartProps): uPlot.Options {
  const css = (name: string): string => getComputedStyle(host).getPropertyValue(name).trim();
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 22, 0, 0],
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.08)] } },
    axes: [
      axis(css, {
        size: 26,
        space: 80,
        incrs: STEPS,
        values: (_plot, ticks, _axis, _space, step) =>
          ticks.map((tick) => (step < DAY_SECONDS ? clockMinutes(tick * 1_000) : weekDay(tick * 1_000))),
      }),
      axis(css, {
        size: (_plot, labels) => 20 + 7 * Math.max(1, ...(labels ?? []).map((label) => label.length)),
        space: 36,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
        values: (_plot, ticks) => ticks.map((tick) => number(tick)),
      }),
    ],
    series: [
      {},
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: painted(css, line.colour),
        width: index === 0 ? 2 : 2.5,
        points: { show: false },
        ...(line.fill === undefined ? {} : { fill: painted(css, line.fill) }),
      })),
    ],
    bands: [{ series: [1, 2], fill: () => hatch(css(gap)) }],
  };
}

type Plot = typeof uPlot;

/** Draws it, and again on another size or colour scheme. */
function draw(Drawing: Plot, element: HTMLElement, props: ChartProps): { plot: uPlot; end: () => void } {
  const plot = new Drawing(options(element, props), props.data, element);
  const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
  resized.observe(element);
  const redraw = (): void => plot.redraw(false, true);
  const watched = REDRAW_ON.map((query) => matchMedia(query));
  for (const query of watched) query.addEventListener('change', redraw);
  return {
    plot,
    end() {
      for (const query of watched) query.removeEventListener('change', redraw);
      resized.disconnect();
      plot.destroy();
    },
  };
}

export function Chart(props: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<typeof draw> | null>(null);
  const newest = useRef(props);
  newest.current = props;

  useEffect(() => {
    let isGone = false;
    // The words and figures around it are there first: what draws is fetched after them.
    void import('uplot').then(({ default: Drawing }) => {
      if (isGone || host.current === null) return;
      drawn.current = draw(Drawing, host.current, newest.current);
    });
    return () => {
      isGone = true;
      drawn.current?.end();
      drawn.current = null;
    };
  }, []);

  useEffect(() => drawn.current?.plot.setData(props.data), [props.data]);

  return <div class="chart" ref={host} role="img" aria-label={props.label} />;
}
