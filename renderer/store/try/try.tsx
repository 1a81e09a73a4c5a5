// Pick a file and see what it would become: for whoever connects a till. Nothing of it is kept.
import { useSignal } from '@preact/signals';
import type { JSX, TargetedEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { MAPPING_BYTES_MAX } from '../../../core/limits/files.ts';
import type { PreviewItem, PreviewSummary } from '../../../protocol/local/preview.ts';
import { share } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { REACHABLE } from '../../kit/virtual.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { askToTry, type Tried, type TryAnswer } from './ask.ts';

const say = words.tryFile;
const FEEDS = ['poslog', 'epcis', 'jsonl', 'square', 'shopify', 'vend', 'woocommerce', 'csv'] as const;
type FeedChoice = (typeof FEEDS)[number];

const isChoice = (value: string): value is FeedChoice => (FEEDS as readonly string[]).includes(value);
const pickedIn = (event: TargetedEvent<HTMLInputElement>): File | null => event.currentTarget.files?.[0] ?? null;

type Shown = Extract<PreviewItem, { outcome: 'captured' | 'duplicate' }>;
type Left = Exclude<PreviewItem, Shown>;
const isShown = (item: PreviewItem): item is Shown => item.outcome === 'captured' || item.outcome === 'duplicate';

function Documents({ items }: { items: Shown[] }): JSX.Element {
  return (
    <section class="tried" aria-label={say.documents} {...REACHABLE}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{say.columns.what}</th>
            <th scope="col">{say.columns.till}</th>
            <th scope="col">{say.columns.day}</th>
            <th scope="col">{say.columns.articles}</th>
            <th scope="col" class="number">
              {say.columns.total}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.item} ${item.key}`}>
              <th scope="row">
                {words.recent.kinds[item.kind]} {item.number}
                {item.outcome === 'duplicate' && ` ${say.again}`}
              </th>
              <td>{item.till}</td>
              <td>{item.businessDate}</td>
              <td class="articles">{item.lines.map((line) => `${line.quantity} × ${line.sku}`).join(', ')}</td>
              <td class="number">
                {item.total === undefined ? words.unknown : `${item.total} ${item.currency ?? ''}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Problems({ heading, items }: { heading: string; items: Left[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <>
      <h3>{heading}</h3>
      <ul>
        {items.map((item) => (
          <li key={item.item}>
            <strong>{item.place}</strong>: {item.reason}
          </li>
        ))}
      </ul>
    </>
  );
}

function Result({ tried }: { tried: Tried }): JSX.Element {
  const { items, summary, stopped } = tried;
  const shown = items.filter(isShown);
  const left = items.filter((item): item is Left => !isShown(item));
  return (
    <>
      {stopped !== null && <p class="try-stopped">{say.stopped(stopped)}</p>}
      <Problems heading={say.setAside} items={left.filter(({ outcome }) => outcome === 'set-aside')} />
      {shown.length > 0 && <Documents items={shown} />}
      <Problems heading={say.passed} items={left.filter(({ outcome }) => outcome === 'passed')} />
      {summary.items > items.length && <p class="quiet">{say.bound(items.length)}</p>}
    </>
  );
}

function useTry(agent: Agent) {
  const answer = useSignal<TryAnswer | null>(null);
  const read = useSignal<number | null>(null);
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  async function run(file: File, settings: File | null, feed: FeedChoice): Promise<void> {
    read.value = 0;
    answer.value = null;
    const reading = settings === null ? JSON.stringify({ feed }) : await settings.text();
    const onShare = (done: number): void => {
      read.value = done;
    };
    const wish = { file, reading, onShare, left: leaving.current.signal };
    answer.value =
      reading.length > MAPPING_BYTES_MAX
        ? { problem: say.longSettings }
        : ((await askToTry(agent, wish)) ?? { problem: say.lost });
    read.value = null;
  }
  return { answer, read, run };
}

export function TryFile({ agent }: { agent: Agent }): JSX.Element {
  const file = useSignal<File | null>(null);
  const settings = useSignal<File | null>(null);
  const feed = useSignal<FeedChoice>('poslog');
  const { answer, read, run } = useTry(agent);

  function start(): void {
    if (read.value !== null) return;
    if (file.value === null) answer.value = { problem: say.noFile };
    else if (feed.value === 'csv' && settings.value === null) answer.value = { problem: say.noMapping };
    else void run(file.value, settings.value, feed.value);
  }
  const told = answer.value;
  return (
    <section class="card try" aria-labelledby="try-heading">
      <details>
        <summary>
          <Icon name="chevron" />
          <h2 id="try-heading">{say.heading}</h2>
        </summary>
        <p class="quiet">{say.intro}</p>
        <div class="try-choices">
          <label>
            {say.file}
            <input type="file" onChange={(event) => (file.value = pickedIn(event))} />
          </label>
          <label>
            {say.feed}
            <select
              value={feed.value}
              onChange={({ currentTarget: { value } }) => {
                if (isChoice(value)) feed.value = value;
              }}
            >
              {FEEDS.map((name) => (
                <option key={name} value={name}>
                  {say.feeds[name]}
                </option>
              ))}
            </select>
          </label>
          <label>
            {feed.value === 'csv' ? say.mapping : say.settings}
            <input
              type="file"
              accept=".json,application/json"
              onChange={(event) => (settings.value = pickedIn(event))}
            />
          </label>
          <button type="button" onClick={start}>
            {say.start}
          </button>
        </div>
        {read.value !== null && <progress aria-label={say.progress} max={1} value={read.value} />}
        <p role="status">
          {read.value !== null && say.running(share(read.value))}
          {told !== null && ('problem' in told ? told.problem : summaryOf(told.tried.summary))}
        </p>
        {told !== null && 'tried' in told && <Result tried={told.tried} />}
      </details>
    </section>
  );
}

const summaryOf = ({ items, captured, duplicates, setAside, passed }: PreviewSummary): string =>
  say.summary(items, captured, duplicates, setAside, passed);
