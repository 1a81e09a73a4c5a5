// The newest documents of goods, and how a wrong one is taken back: asked once more, then done once.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GoodsDocument, TakenBack } from '../../../protocol/local/rooms/goods.ts';
import { moment } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';

const say = words.goods;

function told(number: string, taken: TakenBack | null): string {
  if (taken === null) return say.noAnswer;
  switch (taken.result) {
    case 'taken-back':
    case 'already':
      return say.wasTakenBack(number, taken.number);
    case 'too-old':
      return say.tooOld;
    case 'no-such-document':
      return say.notThere;
    case 'not-kept':
      return taken.sentence;
  }
}

export function DocumentLine({ row, nowMs }: { row: GoodsDocument; nowMs: number }): JSX.Element {
  const { kind, number, lines, counterparty, takenBackBy, atMs } = row;
  return (
    <p>
      <time dateTime={new Date(atMs).toISOString()} class="quiet">
        {moment(atMs, nowMs)}
      </time>{' '}
      {say.kinds[kind]} <a href={linkTo('receipts', number)}>{say.document(number, lines)}</a>
      {counterparty !== null && `, ${say.withWhom(counterparty)}`}.{' '}
      {takenBackBy !== null && <strong>{say.takenBack(takenBackBy)}</strong>}
    </p>
  );
}

type SureProps = { number: string; yes: () => void; no: () => void };

function Sure({ number, yes, no }: SureProps): JSX.Element {
  const leave = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => leave.current?.focus(), []);
  return (
    <fieldset class="sure" aria-label={say.takeBackOf(number)}>
      <p>{say.takeBackSure(number)}</p>
      <button type="button" onClick={yes}>
        {say.yesTakeBack}
      </button>
      <button type="button" ref={leave} onClick={no}>
        {say.keepIt}
      </button>
    </fieldset>
  );
}

type DocumentsProps = { agent: Agent; rows: GoodsDocument[]; nowMs: number; changed: () => Promise<void> };

export function Documents({ agent, rows, nowMs, changed }: DocumentsProps): JSX.Element {
  const asked = useSignal<string | null>(null);
  const said = useSignal('');
  const takeBack = async ({ key, number }: GoodsDocument): Promise<void> => {
    asked.value = null;
    said.value = told(number, await agent.ask((client, signal) => client.goods.takeBack({ key }, { signal })));
    await changed();
  };
  return (
    <section class="card" aria-label={say.documents}>
      <h2>{say.documents}</h2>
      <p role="status">{said.value}</p>
      {rows.length === 0 && <p class="quiet">{say.noDocuments}</p>}
      <ul class="goods-list">
        {rows.map((row) => (
          <li key={row.key}>
            <DocumentLine row={row} nowMs={nowMs} />
            {asked.value === row.key && (
              <Sure
                number={row.number}
                yes={() => void takeBack(row)}
                no={() => {
                  asked.value = null;
                }}
              />
            )}
            {row.takenBackBy === null && asked.value !== row.key && (
              <button
                type="button"
                aria-label={say.takeBackOf(row.number)}
                onClick={() => {
                  asked.value = row.key;
                }}
              >
                {say.takeBack}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
