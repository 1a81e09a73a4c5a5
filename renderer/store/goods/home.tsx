// What is to be received and sent, what is begun and not finished, and the newest documents.
import { type ReadonlySignal, type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { GoodsKind } from '../../../core/goods.ts';
import { TRANSFER_OLD_MS } from '../../../core/limits/goods.ts';
import type { GoodsList, TransferView } from '../../../protocol/local/rooms/goods.ts';
import { Icon } from '../../kit/icons.tsx';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { bookMark } from '../changed.ts';
import { linkTo } from '../place.ts';
import { Documents } from './documents.tsx';

const say = words.goods;
const KINDS: GoodsKind[] = ['goods-received', 'transfer-received', 'transfer-sent', 'adjustment'];

type Begin = (kind: GoodsKind, transfer?: string) => void;

function TransferLines({ transfer }: { transfer: TransferView }): JSX.Element {
  return (
    <ul class="quiet transfer-lines">
      {transfer.lines.map(({ sku, name, ordered, moved }) => (
        <li key={sku}>{say.lineOf(units(moved), units(ordered), name ?? sku)}</li>
      ))}
      {transfer.articles > transfer.lines.length && <li>{say.moreLines(transfer.articles - transfer.lines.length)}</li>}
    </ul>
  );
}

function TransferItem({
  transfer,
  nowMs,
  begin,
}: {
  transfer: TransferView;
  nowMs: number;
  begin: Begin;
}): JSX.Element {
  const isIn = transfer.way === 'in';
  const name = transfer.transfer;
  return (
    <li>
      <div>
        <p>
          <strong>{say.transfer(name)}</strong> {isIn ? say.from(transfer.other) : say.to(transfer.other)}.{' '}
          {say.ordered(transfer.orderedMs, nowMs)}
        </p>
        <p class="quiet">
          {say.states[transfer.state]}
          {transfer.state !== 'done' && `: ${say.left(transfer.left)}`}
          {transfer.documents.map((number) => (
            <span key={number}>
              {' '}
              <a href={linkTo('receipts', number)}>{number}</a>
            </span>
          ))}
        </p>
        <TransferLines transfer={transfer} />
      </div>
      {transfer.state !== 'done' && (
        <button
          type="button"
          aria-label={isIn ? say.receiveOf(name) : say.sendOf(name)}
          onClick={() => begin(isIn ? 'transfer-received' : 'transfer-sent', name)}
        >
          {isIn ? say.receive : say.send}
        </button>
      )}
    </li>
  );
}

type TransfersProps = { heading: string; none: string; rows: TransferView[]; nowMs: number; begin: Begin };

function Transfers({ heading, none, rows, nowMs, begin }: TransfersProps): JSX.Element {
  const isPast = ({ state, orderedMs }: TransferView): boolean =>
    state === 'done' || nowMs - orderedMs > TRANSFER_OLD_MS;
  const [past, due] = [rows.filter(isPast), rows.filter((row) => !isPast(row))];
  const list = (shown: TransferView[]): JSX.Element => (
    <ul class="goods-list">
      {shown.map((row) => (
        <TransferItem key={row.transfer} transfer={row} nowMs={nowMs} begin={begin} />
      ))}
    </ul>
  );
  return (
    <section class="card" aria-label={heading}>
      <h2>{heading}</h2>
      {due.length === 0 ? <p class="quiet">{none}</p> : list(due)}
      {past.length > 0 && (
        <details>
          <summary>
            <Icon name="chevron" />
            {say.folded(past.length)}
          </summary>
          {list(past)}
        </details>
      )}
    </section>
  );
}

function Drafts({ drafts, nowMs }: { drafts: GoodsList['drafts']; nowMs: number }): JSX.Element | null {
  if (drafts.length === 0) return null;
  return (
    <section class="card" aria-label={say.drafts}>
      <h2>{say.drafts}</h2>
      <ul class="goods-list">
        {drafts.map(({ id, kind, number, about, lines, changedMs }) => (
          <li key={id}>
            <p>
              <a href={linkTo('goods', id)}>{say.draft(say.kinds[kind], number)}</a>
              {about !== '' && `, ${about}`}. <span class="quiet">{say.begun(changedMs, nowMs, lines)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asked for again when something came in, was confirmed or decided, and after each act here. */
function useGoods(agent: Agent): { list: Signal<GoodsList | null>; again: () => Promise<void> } {
  const list = useSignal<GoodsList | null>(null);
  const last = useRef('');
  const again = async (): Promise<void> => {
    const found = await agent.ask((client, signal) => client.goods.list(undefined, { signal }));
    if (found !== null) list.value = found;
  };
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null) return;
    const of = bookMark(state);
    if (of === last.current) return;
    last.current = of;
    void again();
  });
  return { list, again };
}

export function GoodsHome({ agent, now }: { agent: Agent; now: ReadonlySignal<number> }): JSX.Element {
  const { list, again } = useGoods(agent);
  const said = useSignal('');
  const begin: Begin = async (kind, transfer) => {
    const told = await agent.ask(async (client, signal) => ({
      draft: await client.goods.begin(transfer === undefined ? { kind } : { kind, transfer }, { signal }),
    }));
    if (told === null) said.value = say.noAnswer;
    else if (told.draft === null) said.value = say.tooMany;
    else location.hash = linkTo('goods', told.draft.id);
  };
  const goods = list.value;
  const nowMs = now.value;
  return (
    <>
      <section class="card" aria-labelledby="goods-begin">
        <h2 id="goods-begin">{say.begin}</h2>
        <div class="goods-begin">
          {KINDS.map((kind) => (
            <button key={kind} type="button" onClick={() => void begin(kind)}>
              {say.beginKinds[kind]}
            </button>
          ))}
        </div>
        <p role="status">{said.value}</p>
      </section>
      {goods === null ? (
        <p class="card">{say.loading}</p>
      ) : (
        <>
          <Drafts drafts={goods.drafts} nowMs={nowMs} />
          <div class="columns">
            <Transfers
              heading={say.toReceive}
              none={say.noneToReceive}
              rows={goods.transfers.filter(({ way }) => way === 'in')}
              nowMs={nowMs}
              begin={begin}
            />
            <Transfers
              heading={say.toSend}
              none={say.noneToSend}
              rows={goods.transfers.filter(({ way }) => way === 'out')}
              nowMs={nowMs}
              begin={begin}
            />
          </div>
          <Documents agent={agent} rows={goods.documents} nowMs={nowMs} changed={again} />
        </>
      )}
    </>
  );
}
