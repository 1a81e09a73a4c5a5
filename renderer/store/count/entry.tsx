// Where one writes: scan or type an article, then how many; a figure that surprises is asked for once more.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ArticleField, type ChosenArticle } from '../../kit/article-field.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { CounterField } from './begin.tsx';
import { counter } from './counter.ts';
import { useCursor } from './focus.ts';
import { readQuantity } from './quantity.ts';
import type { Last, Question, Sheet } from './sheet.ts';

const say = words.count.write;
const MODES = ['ask', 'one'] as const;
type Mode = (typeof MODES)[number];
const UNIT = 1_000;

/** The mode stays while one walks from sheet to sheet. */
let modeBefore: Mode = 'ask';

const nameIn = (sheet: Sheet, sku: string): string =>
  words.count.article(sku, sheet.figures.value.get(sku)?.name ?? null);

function lastSentence(sheet: Sheet, { job, written }: Last): string {
  const { line } = written;
  const name = nameIn(sheet, line.sku);
  const quantity = words.count.units(line.quantity);
  if (line.removed) return say.removed(quantity, name);
  return job.kind === 'add' ? say.last(quantity, name) : say.lastNow(quantity, name);
}

type QuantityProps = { label: string; hint: string; done: (quantity: number) => void; cancel: () => void };

/** Takes the cursor, for a scanner types where the cursor is. */
function QuantityField({ label, hint, done, cancel }: QuantityProps): JSX.Element {
  const input = useCursor<HTMLInputElement>();
  const said = useSignal('');
  function take(): void {
    const element = input.current;
    if (element === null) return;
    const typed = readQuantity(element.value);
    if ('quantity' in typed) {
      done(typed.quantity);
      return;
    }
    said.value = say.problems[typed.problem];
    if (typed.problem === 'barcode') element.value = '';
  }
  return (
    <form
      class="count-quantity"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <label>
        <span>{label}</span>
        <input
          ref={input}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-describedby="count-quantity-hint"
          onKeyDown={(event) => {
            if (event.key === 'Escape') cancel();
          }}
        />
      </label>
      <button type="submit" class="primary">
        {say.write}
      </button>
      <p id="count-quantity-hint" class="quiet" role="status">
        {said.value === '' ? hint : said.value}
      </p>
    </form>
  );
}

/** A scan ends with Enter: so nothing is confirmed by Enter alone, only by the same figure or by the button. */
function Asked({ sheet, question, done }: { sheet: Sheet; question: Question; done: () => void }): JSX.Element {
  const { job, sum, books } = question;
  const asked = words.count.units(job.quantity);
  async function decide(isSure: boolean, instead?: number): Promise<void> {
    await sheet.answer(isSure);
    if (!isSure && instead !== undefined) await sheet.write(counter.value.trim(), { ...job, quantity: instead });
    done();
  }
  return (
    <div class="count-asked" role="alertdialog" aria-labelledby="count-asked-what" aria-describedby="count-asked-more">
      <p id="count-asked-what" class="count-asked-what">
        {say.question(asked, books === null ? null : words.count.units(books))}
      </p>
      <p id="count-asked-more">
        {nameIn(sheet, job.sku)}. {sum !== job.quantity && say.sum(words.count.units(sum))}
      </p>
      <QuantityField
        label={say.again(asked)}
        hint={say.quantityHint}
        done={(quantity) => void (quantity === job.quantity ? decide(true) : decide(false, quantity))}
        cancel={() => void decide(false)}
      />
      <p class="count-buttons">
        <button type="button" onClick={() => void decide(true)}>
          {say.yes(asked)}
        </button>
        <button type="button" onClick={() => void decide(false)}>
          {say.no}
        </button>
      </p>
    </div>
  );
}

function Modes({ mode }: { mode: Signal<Mode> }): JSX.Element {
  return (
    <fieldset class="count-mode">
      <legend>{say.mode}</legend>
      <div class="choice">
        {MODES.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="count-mode"
              checked={mode.value === one}
              onChange={() => {
                mode.value = one;
                modeBefore = one;
              }}
            />
            <span>{say.modes[one]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Told({ sheet, field }: { sheet: Sheet; field: RefObject<HTMLInputElement | null> }): JSX.Element {
  const last = sheet.last.value;
  const stopped = sheet.stopped.value;
  return (
    <>
      <p class="count-last" role="status" aria-live="polite">
        {stopped !== null ? say.stopped[stopped] : last === null ? say.nothingYet : lastSentence(sheet, last)}
      </p>
      {sheet.isStuck.value && sheet.waiting.value > 0 && (
        <p class="count-waiting" role="alert">
          {say.waiting(sheet.waiting.value)}
        </p>
      )}
      <p>
        <button
          type="button"
          disabled={(sheet.head.value?.revision ?? 0) === 0 || counter.value.trim() === ''}
          onClick={() => {
            void sheet.write(counter.value.trim(), { kind: 'undo' });
            field.current?.focus();
          }}
        >
          {say.undo}
        </button>
      </p>
    </>
  );
}

export function Entry({ agent, sheet }: { agent: Agent; sheet: Sheet }): JSX.Element {
  const mode = useSignal<Mode>(modeBefore);
  const article = useSignal<ChosenArticle | null>(null);
  /** Scanned while somebody was asked something: taken afterwards, in order. */
  const next = useRef<ChosenArticle[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const isNamed = counter.value.trim() !== '';

  function chosen(scanned: ChosenArticle): void {
    void sheet.look([scanned.sku]);
    if (mode.value === 'one') {
      const added = { kind: 'add', sku: scanned.sku, quantity: UNIT, more: true } as const;
      void sheet.write(counter.value.trim(), added);
    } else if (article.value === null && sheet.question.value === null) article.value = scanned;
    else next.current.push(scanned);
  }
  function goOn(): void {
    // What was scanned waits for its turn: something is asked once more.
    if (sheet.question.value !== null) return;
    article.value = next.current.shift() ?? null;
    if (article.value === null) field.current?.focus();
  }
  async function write(sku: string, quantity: number): Promise<void> {
    await sheet.write(counter.value.trim(), { kind: 'add', sku, quantity, more: false });
    article.value = null;
    goOn();
  }
  useLayoutEffect(() => {
    if (isNamed) field.current?.focus();
  }, []);

  const question = sheet.question.value;
  const asked = article.value;
  return (
    <section class="card count-entry">
      <div class="count-entry-head">
        <CounterField />
        <Modes mode={mode} />
      </div>
      <ArticleField
        field={field}
        isDisabled={!isNamed || question !== null}
        find={(text) => agent.ask((client, signal) => client.stock.find({ text }, { signal }))}
        onArticle={chosen}
      />
      {!isNamed && <p class="count-said">{words.count.begin.noCounter}</p>}
      {question !== null && <Asked sheet={sheet} question={question} done={goOn} />}
      {question === null && asked !== null && (
        <QuantityField
          key={asked.sku}
          label={say.howMany(words.count.article(asked.sku, asked.name))}
          hint={say.quantityHint}
          done={(quantity) => void write(asked.sku, quantity)}
          cancel={goOn}
        />
      )}
      <Told sheet={sheet} field={field} />
    </section>
  );
}
