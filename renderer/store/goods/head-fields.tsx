// Who a document is about and under what number, by its kind.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ADJUSTMENT_REASONS } from '../../../core/goods.ts';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import type { GoodsContent, GoodsDocument, StoreName } from '../../../protocol/local/rooms/goods.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { DocumentLine } from './documents.tsx';
import type { DraftModel } from './draft-model.ts';

const say = words.goods;
/** Room in a text for the reason's own word. */
const REMARK_LENGTH_MAX = TEXT_LENGTH_MAX - 20;

type Name = 'counterparty' | 'transfer' | 'note' | 'order';
type FieldProps = {
  model: DraftModel;
  name: Name;
  label: string;
  left?: (() => void) | undefined;
  /** Id of a list that is offered. */
  list?: string | undefined;
};

function Field({ model, name, label, left, list }: FieldProps): JSX.Element {
  return (
    <label class="goods-field">
      {label}
      <input
        type="text"
        list={list}
        autocomplete="off"
        spellcheck={false}
        maxLength={name === 'counterparty' ? TEXT_LENGTH_MAX : IDENTIFIER_LENGTH_MAX}
        value={model.content.value[name]}
        onInput={(event) => model.change({ [name]: event.currentTarget.value })}
        onBlur={left}
      />
    </label>
  );
}

/** A reason is a word of ours, and what somebody adds behind it. */
function Reason({ model }: { model: DraftModel }): JSX.Element {
  const [word = '', ...rest] = model.content.value.reason.split(':');
  const remark = rest.join(':').trimStart();
  const put = (reason: string, added: string): void =>
    model.change({ reason: added === '' ? reason : `${reason}: ${added}` });
  return (
    <>
      <label class="goods-field">
        {say.reason}
        <select value={word} onChange={(event) => put(event.currentTarget.value, remark)}>
          <option value="">{say.chooseReason}</option>
          {ADJUSTMENT_REASONS.map((name) => (
            <option key={name} value={name}>
              {say.reasons[name]}
            </option>
          ))}
        </select>
      </label>
      <label class="goods-field">
        {say.remark}
        <input
          type="text"
          autocomplete="off"
          maxLength={REMARK_LENGTH_MAX}
          value={remark}
          onInput={(event) => put(word, event.currentTarget.value)}
        />
      </label>
    </>
  );
}

export function Earlier({ rows, note, nowMs }: { rows: GoodsDocument[]; note: string; nowMs: number }): JSX.Element {
  return (
    <div class="problems" role="alert">
      <p>{say.noteUsed(note)}</p>
      {rows.map((row) => (
        <DocumentLine key={row.key} row={row} nowMs={nowMs} />
      ))}
    </div>
  );
}

function Supplied({ agent, model }: { agent: Agent; model: DraftModel }): JSX.Element {
  const earlier = useSignal<GoodsDocument[]>([]);
  const { note } = model.content.value;
  const look = async (): Promise<void> => {
    const asked = note.trim();
    const found =
      asked === '' ? [] : await agent.ask((client, signal) => client.goods.earlier({ note: asked }, { signal }));
    earlier.value = (found ?? []).filter(({ takenBackBy }) => takenBackBy === null);
  };
  return (
    <>
      <Field model={model} name="counterparty" label={say.supplier} />
      <Field model={model} name="note" label={say.note} left={() => void look()} />
      <Field model={model} name="order" label={say.order} />
      {earlier.value.length > 0 && (
        <Earlier rows={earlier.value} note={note} nowMs={agent.snapshot.value?.nowMs ?? 0} />
      )}
    </>
  );
}

const STORES = 'goods-stores';

/** The stores that head office named, where one is typed. */
function Stores({ agent }: { agent: Agent }): JSX.Element {
  const stores = useSignal<StoreName[]>([]);
  useEffect(() => {
    void agent
      .ask((client, signal) => client.goods.stores(undefined, { signal }))
      .then((found) => {
        stores.value = found ?? [];
      });
  }, [agent]);
  return (
    <datalist id={STORES}>
      {stores.value.map(({ store, name }) => (
        <option key={store} value={store}>
          {name === store ? undefined : name}
        </option>
      ))}
    </datalist>
  );
}

const isTransfer = ({ kind }: GoodsContent): boolean => kind === 'transfer-received' || kind === 'transfer-sent';

export function HeadFields({ agent, model }: { agent: Agent; model: DraftModel }): JSX.Element {
  const content = model.content.value;
  return (
    <section class="card goods-form goods-head" aria-label={say.kinds[content.kind]}>
      {content.kind === 'goods-received' && <Supplied agent={agent} model={model} />}
      {isTransfer(content) && (
        <>
          <Field model={model} name="counterparty" label={say.otherStore} list={STORES} />
          <Stores agent={agent} />
          <Field model={model} name="transfer" label={say.transferNumber} />
        </>
      )}
      {content.kind === 'adjustment' && <Reason model={model} />}
    </section>
  );
}
