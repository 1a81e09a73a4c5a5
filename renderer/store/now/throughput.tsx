// The live chart of what was taken in and what was confirmed, with the same as words and as a table.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { Bucket } from '../../../protocol/local/rooms/now.ts';
import { Chart } from '../../kit/chart.tsx';
import { clockMinutes, clockSeconds, moment, number } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { fromFirst, RANGE_NAMES, RANGES, type RangeName, rising, thinned, totals } from './series.ts';

const say = words.chart;
const TABLE_ROWS = 12;
/** Buckets of so much are told with their day. */
const LONG_MS = 3_600_000;
const dayAndTime = (ms: number): string => moment(ms, 0);

/** The buckets of the chosen range, asked for again and again while the page can be seen. */
function useBuckets(agent: Agent, range: { value: RangeName }): { value: { range: RangeName; buckets: Bucket[] } } {
  const shown = useSignal<{ range: RangeName; buckets: Bucket[] }>({ range: range.value, buckets: [] });
  useSignalEffect(() => {
    const name = range.value;
    const { bucketMs, buckets, everyMs } = RANGES[name];
    if (agent.connection.value !== 'open') return;
    let left = false;
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      const answer = await agent.ask((client, signal) => client.now.chart({ bucketMs, buckets }, { signal }));
      if (answer !== null && !left) shown.value = { range: name, buckets: answer };
    };
    void read();
    const timer = setInterval(() => void read(), everyMs);
    return () => {
      left = true;
      clearInterval(timer);
    };
  });
  return shown;
}

function Ranges({ chosen, choose }: { chosen: RangeName; choose: (name: RangeName) => void }): JSX.Element {
  return (
    <fieldset class="choice">
      <legend class="unseen">{say.range}</legend>
      {RANGE_NAMES.map((name) => (
        <label key={name}>
          <input type="radio" name="range" checked={name === chosen} onChange={() => choose(name)} />
          <span>{say.ranges[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function AsTable({ buckets, bucketMs }: { buckets: Bucket[]; bucketMs: number }): JSX.Element {
  const time = bucketMs < 60_000 ? clockSeconds : bucketMs < LONG_MS ? clockMinutes : dayAndTime;
  return (
    <details class="chart-table">
      <summary>
        <Icon name="chevron" />
        {say.asTable}
      </summary>
      <table class="table">
        <caption class="unseen">{say.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{say.from}</th>
            <th scope="col" class="number">
              {say.captured}
            </th>
            <th scope="col" class="number">
              {say.confirmed}
            </th>
            <th scope="col" class="number">
              {say.waiting}
            </th>
          </tr>
        </thead>
        <tbody>
          {thinned(buckets, TABLE_ROWS).map((bucket) => (
            <tr key={bucket.atMs}>
              <th scope="row">{time(bucket.atMs)}</th>
              <td class="number">{number(bucket.captured)}</td>
              <td class="number">{number(bucket.settled)}</td>
              <td class="number">{number(bucket.waiting)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Throughput({ agent }: { agent: Agent }): JSX.Element {
  const range = useSignal<RangeName>('quarter');
  const shown = useBuckets(agent, range);
  const drawn = useComputed(() => {
    const { atSeconds, captured, confirmed } = rising(
      fromFirst(shown.value.buckets),
      RANGES[shown.value.range].bucketMs,
    );
    return [atSeconds, captured, confirmed] as [number[], number[], number[]];
  });
  const { buckets, range: name } = shown.value;
  const { captured, confirmed, waiting } = totals(buckets);
  return (
    <section class="card flow" aria-labelledby="chart-heading">
      <header class="card-head">
        <h2 id="chart-heading">{say.heading}</h2>
        <Ranges
          chosen={range.value}
          choose={(next) => {
            range.value = next;
          }}
        />
      </header>
      <Chart
        data={drawn.value}
        lines={[
          { label: say.captured, colour: '--chart-captured' },
          { label: say.confirmed, colour: '--chart-confirmed', fill: '--chart-confirmed-soft' },
        ]}
        gap="--chart-waiting"
        label={say.summary(say.spans[name], captured, confirmed, waiting)}
      />
      <div class="chart-foot">
        <ul class="key">
          <li class="key-captured">
            {say.captured} <strong>{number(captured)}</strong>
          </li>
          <li class="key-confirmed">
            {say.confirmed} <strong>{number(confirmed)}</strong>
          </li>
          <li class="key-waiting">
            {say.waiting} <strong>{number(waiting)}</strong>
          </li>
        </ul>
        <AsTable buckets={buckets} bucketMs={RANGES[name].bucketMs} />
      </div>
    </section>
  );
}
