// What is said before a document is finished: how it differs from its order, and once more if its number is there already.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { differencesOf, movedLines } from '../../../core/goods.ts';
import type { GoodsContent, GoodsDocument, GoodsProblem } from '../../../protocol/local/rooms/goods.ts';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import type { DraftModel } from './draft-model.ts';
import { Earlier } from './head-fields.tsx';

const say = words.goods;

function Differences({ content }: { content: GoodsContent }): JSX.Element {
  const differing = differencesOf(content);
  const isOrdered = content.lines.some(({ expected }) => expected !== null);
  const nameOf = (sku: string): string => content.lines.find((line) => line.sku === sku)?.name ?? sku;
  const told = differing.map(({ sku, ordered, moved }) => {
    const [article, sent, wanted] = [nameOf(sku), units(moved), units(ordered)];
    return moved < ordered
      ? say.less(article, units(ordered - moved), sent, wanted)
      : say.more(article, units(moved - ordered), sent, wanted);
  });
  return (
    <>
      {isOrdered && differing.length === 0 && <p>{say.same}</p>}
      <ul class="plain-list differences">
        {told.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {differing.some(({ moved, ordered }) => moved < ordered) && <p>{say.lessMeans}</p>}
    </>
  );
}

type ReviewProps = {
  agent: Agent;
  model: DraftModel;
  problems: Signal<GoodsProblem[]>;
  earlier: Signal<GoodsDocument[]>;
  isReviewed: Signal<boolean>;
};

export function Review({ agent, model, problems, earlier, isReviewed }: ReviewProps): JSX.Element {
  const content = model.content.value;
  const said = useSignal('');
  const isBusy = useSignal(false);
  const finish = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => finish.current?.focus(), []);
  const moved = movedLines(content);
  const sum = moved.reduce((total, { quantity }) => total + Math.abs(quantity), 0);
  async function keep(another: boolean): Promise<void> {
    isBusy.value = true;
    const told = await model.finish(another);
    isBusy.value = false;
    said.value = told === null ? say.unknown : told.result === 'not-kept' ? told.sentence : '';
    if (told?.result === 'note-used') earlier.value = told.earlier;
    if (told?.result === 'incomplete') {
      problems.value = told.problems;
      isReviewed.value = false;
    }
  }
  return (
    <section class="card goods-form" aria-labelledby="goods-review">
      <h2 id="goods-review">{say.review}</h2>
      <p>{say.sum(new Set(moved.map(({ sku }) => sku)).size, units(sum))}</p>
      <Differences content={content} />
      {earlier.value.length > 0 && (
        <Earlier rows={earlier.value} note={content.note} nowMs={agent.snapshot.value?.nowMs ?? 0} />
      )}
      <p role="status">{said.value}</p>
      <div class="goods-end">
        <button
          type="button"
          class="primary"
          ref={finish}
          disabled={isBusy.value}
          onClick={() => void keep(earlier.value.length > 0)}
        >
          {earlier.value.length > 0 ? say.another : say.finish}
        </button>
        <button
          type="button"
          onClick={() => {
            earlier.value = [];
            isReviewed.value = false;
          }}
        >
          {say.typeOn}
        </button>
      </div>
    </section>
  );
}
