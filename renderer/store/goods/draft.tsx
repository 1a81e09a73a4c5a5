// One document while it is typed: who and what number, the articles, what differs, and the end of it.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { lacksOf } from '../../../core/goods.ts';
import type { GoodsDocument, GoodsDraft, GoodsProblem } from '../../../protocol/local/rooms/goods.ts';
import { ArticleField, type ChosenArticle } from '../../kit/article-field.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { type DraftModel, draftModel } from './draft-model.ts';
import { HeadFields } from './head-fields.tsx';
import { Lines, oneMore, quantityId } from './lines.tsx';
import { Review } from './review.tsx';

const say = words.goods;

type Page = {
  agent: Agent;
  model: DraftModel;
  store: string;
  problems: Signal<GoodsProblem[]>;
  earlier: Signal<GoodsDocument[]>;
  said: Signal<string>;
  isReviewed: Signal<boolean>;
};

/** Takes articles as they are scanned: the first time there is one of it, each time after one more. */
function useArticles({ agent, model, said }: Page, field: RefObject<HTMLInputElement | null>) {
  const unknown = useSignal<ReadonlySet<string>>(new Set());
  const next = useRef<string | null>(null);
  function taken({ sku, name, isKnown }: ChosenArticle): void {
    const line = model.content.peek().lines.find((one) => one.sku === sku);
    const quantity = oneMore(line?.quantity ?? '');
    model.changeLine(sku, line === undefined ? { name, quantity } : { quantity });
    if (!isKnown) unknown.value = new Set([...unknown.value, sku]);
    said.value = say.added(name ?? sku, quantity);
    next.current = sku;
  }
  // The new line has to be in the page first.
  useLayoutEffect(() => {
    if (next.current === null) return;
    const quantity = document.getElementById(quantityId(next.current));
    quantity?.focus();
    if (quantity instanceof HTMLInputElement) quantity.select();
    next.current = null;
  });
  async function scanned(code: string): Promise<void> {
    const found = await agent.ask((client, signal) => client.stock.find({ text: code }, { signal }));
    if (found?.exact != null) taken({ ...found.exact, isKnown: true });
    else {
      field.current?.focus();
      if (field.current !== null) field.current.value = code;
      said.value = found === null ? say.noAnswer : words.articles.choose(code);
    }
  }
  return { unknown, taken, scanned };
}

const KEEPING: Record<DraftModel['keeping']['value'], string> = {
  saved: say.saved,
  saving: say.saving,
  unsaved: say.unsaved,
  stale: say.stale,
  gone: say.gone,
};

function Problems({ problems }: { problems: GoodsProblem[] }): JSX.Element {
  return (
    <ul class="problems" role="alert">
      {problems.map(({ problem, line, sku }) => (
        <li key={`${problem}/${line}`}>{say.problem(line, sku, say.problems[problem])}</li>
      ))}
    </ul>
  );
}

function ThrowAway({ agent, model }: Page): JSX.Element {
  const isAsked = useSignal(false);
  const drop = async (): Promise<void> => {
    const dropped = await agent.ask(async (client, signal) => ({
      is: await client.goods.drop({ id: model.id }, { signal }),
    }));
    if (dropped !== null) location.hash = linkTo('goods');
  };
  if (!isAsked.value) {
    return (
      <button
        type="button"
        onClick={() => {
          isAsked.value = true;
        }}
      >
        {say.throwAway}
      </button>
    );
  }
  return (
    <fieldset class="sure" aria-label={say.throwAway}>
      <p>{say.throwAwaySure}</p>
      <button type="button" onClick={() => void drop()}>
        {say.yesThrowAway}
      </button>
      <button
        type="button"
        onClick={() => {
          isAsked.value = false;
        }}
      >
        {say.typeOn}
      </button>
    </fieldset>
  );
}

function Typing(page: Page): JSX.Element {
  const { agent, model, store, problems, said, isReviewed, earlier } = page;
  const field = useRef<HTMLInputElement>(null);
  const { unknown, taken, scanned } = useArticles(page, field);
  const content = model.content.value;
  useLayoutEffect(() => {
    if (content.lines.length > 0 || content.counterparty !== '') field.current?.focus();
  }, []);
  const check = (): void => {
    problems.value = lacksOf(model.content.peek(), store);
    earlier.value = [];
    if (problems.value.length === 0) isReviewed.value = true;
  };
  return (
    <>
      <HeadFields agent={agent} model={model} />
      <section class="card goods-form" aria-label={say.lines}>
        <ArticleField
          find={(text) => agent.ask((client, signal) => client.stock.find({ text }, { signal }))}
          onArticle={taken}
          field={field}
        />
        <p class="unseen" role="status">
          {said.value}
        </p>
        <Lines model={model} unknown={unknown.value} field={field} scanned={(code) => void scanned(code)} />
        {problems.value.length > 0 && <Problems problems={problems.value} />}
        <div class="goods-end">
          <button type="button" class="primary" onClick={check}>
            {say.check}
          </button>
          <ThrowAway {...page} />
          <p class="quiet" role="status">
            {KEEPING[model.keeping.value]}
          </p>
        </div>
      </section>
    </>
  );
}

function Finished({ model }: { model: DraftModel }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const { number = '', was = false } = model.finished.value ?? {};
  return (
    <section class="card" data-finished={number}>
      <h2 ref={heading} tabIndex={-1}>
        {was ? say.keptBefore(number) : say.kept(number)}
      </h2>
      <p>
        <a href={linkTo('receipts', number)}>{say.see}</a>
      </p>
      <p>
        <a href={linkTo('goods')}>{say.back}</a>
      </p>
    </section>
  );
}

export function DraftPage({ agent, draft, store }: { agent: Agent; draft: GoodsDraft; store: string }): JSX.Element {
  const model = useMemo(() => draftModel(agent, draft), [agent, draft]);
  useEffect(() => model.close, [model]);
  const page: Page = {
    ...{ agent, model, store },
    problems: useSignal<GoodsProblem[]>([]),
    earlier: useSignal<GoodsDocument[]>([]),
    said: useSignal(''),
    isReviewed: useSignal(false),
  };
  if (model.finished.value !== null) return <Finished model={model} />;
  return (
    <>
      <section class="card">
        <p>
          <a href={linkTo('goods')}>{say.back}</a>
        </p>
        <h2>{say.kinds[model.content.value.kind]}</h2>
        <p class="quiet">{say.number(draft.number)}</p>
      </section>
      {page.isReviewed.value ? <Review {...page} /> : <Typing {...page} />}
    </>
  );
}
