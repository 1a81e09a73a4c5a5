// The field into which an article is typed or scanned: offers names, and takes codes as fast as a scanner sends them.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject, TargetedKeyboardEvent } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { SEARCH_LENGTH_MAX } from '../../core/limits/goods.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import type { Article, ArticlesFound } from '../../protocol/local/rooms/stock.ts';
import { words } from './words.ts';

const say = words.articles;
/** Rest between two key strokes after which suggestions are fetched: a scanner is faster than that. */
const PAUSE_MS = 80;

/** `isKnown` is false where nobody told of it here: it is taken as it was typed, and the person is told. */
export type ChosenArticle = Article & { isKnown: boolean };

export type ArticleFieldProps = {
  /** What the field is for; "Scan or type an article" unless told. */
  label?: string | undefined;
  /** `client.stock.find`; null where the program does not answer. */
  find: (text: string) => Promise<ArticlesFound | null>;
  /** Called once for each article that was taken, in the order in which they were scanned. */
  onArticle: (article: ChosenArticle) => void;
  /** The input, so that the room can put the cursor there. */
  field?: RefObject<HTMLInputElement | null> | undefined;
  isDisabled?: boolean | undefined;
};

/** What a fact takes as an article's number. */
const isCode = (text: string): boolean => text.length <= IDENTIFIER_LENGTH_MAX && /^[^\p{C}\s|]+$/u.test(text);

type Offer = { rows: Signal<Article[]>; at: Signal<number>; said: Signal<string> };

/** Looks up what was typed and scanned, one after the other, however slowly the program answers. */
function useLookUp({ find, onArticle }: ArticleFieldProps, offer: Offer, input: RefObject<HTMLInputElement | null>) {
  const turn = useRef<Promise<void>>(Promise.resolve());
  const typed = useRef(0);
  /** What fitted several articles: Enter once more takes it as it stands. */
  const doubtful = useRef('');

  function close(said = ''): void {
    typed.current++;
    offer.rows.value = [];
    offer.at.value = -1;
    offer.said.value = said;
  }

  function take(article: Article, isKnown: boolean, said = ''): void {
    close(said);
    onArticle({ ...article, isKnown });
  }

  /** Put back where nothing else was typed meanwhile. */
  function putBack(text: string): boolean {
    const element = input.current;
    if (element === null || element.value !== '') return false;
    element.value = text;
    return true;
  }

  async function lookUp(text: string): Promise<void> {
    const found = await find(text);
    if (found === null) {
      putBack(text);
      return close(say.noAnswer);
    }
    const [only, ...others] = found.rows;
    if (found.exact !== null) return take(found.exact, true);
    if (only !== undefined && others.length === 0 && !isCode(text)) return take(only, true);
    const isSure = doubtful.current === text && isCode(text);
    doubtful.current = '';
    if (only !== undefined && !isSure && putBack(text)) {
      doubtful.current = text;
      offer.rows.value = found.rows;
      offer.at.value = -1;
      offer.said.value = say.choose(text);
      return;
    }
    if (isCode(text)) return take({ sku: text, name: null, gtin: null }, false, say.unknown(text));
    putBack(text);
    close(say.notAnArticle(text));
  }

  return {
    close,
    take,
    /** What stands in the field is taken; the field is free for the next scan at once. */
    enter(text: string): void {
      close();
      turn.current = turn.current.then(() => lookUp(text));
    },
    /** Suggestions, when somebody stops typing for a moment. */
    async typing(text: string): Promise<void> {
      const mine = ++typed.current;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (typed.current !== mine) return;
      const found = text.trim() === '' ? null : await find(text.trim());
      if (typed.current !== mine) return;
      offer.rows.value = found?.rows ?? [];
      offer.at.value = -1;
      offer.said.value = found === null ? '' : say.found(found.rows.length);
    },
  };
}

export function ArticleField(props: ArticleFieldProps): JSX.Element {
  const own = useRef<HTMLInputElement>(null);
  const input = props.field ?? own;
  const id = useId();
  const offer: Offer = { rows: useSignal<Article[]>([]), at: useSignal(-1), said: useSignal('') };
  const look = useLookUp(props, offer, input);
  const rows = offer.rows.value;

  function pressed(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    const { key, currentTarget } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (rows.length === 0) return;
      event.preventDefault();
      const step = key === 'ArrowDown' ? 1 : -1;
      offer.at.value =
        (offer.at.value + step + rows.length + (offer.at.value === -1 && step === -1 ? 1 : 0)) % rows.length;
    } else if (key === 'Escape' && rows.length > 0) {
      event.preventDefault();
      look.close();
    } else if (key === 'Enter') {
      event.preventDefault();
      const chosen = rows[offer.at.value];
      const text = currentTarget.value.trim();
      currentTarget.value = '';
      if (chosen !== undefined) look.take(chosen, true);
      else if (text !== '') look.enter(text);
    }
  }

  return (
    <div class="article-field">
      <label for={`${id}-input`}>{props.label ?? say.label}</label>
      <input
        id={`${id}-input`}
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={SEARCH_LENGTH_MAX}
        disabled={props.isDisabled === true}
        aria-expanded={rows.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={offer.at.value === -1 ? undefined : `${id}-${offer.at.value}`}
        aria-describedby={`${id}-said`}
        onInput={(event) => void look.typing(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <div id={`${id}-list`} role="listbox" aria-label={say.found(rows.length)} hidden={rows.length === 0}>
        {rows.map((row, index) => (
          <div
            key={row.sku}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === offer.at.value}
            onMouseDown={(event) => {
              event.preventDefault();
              if (input.current !== null) input.current.value = '';
              look.take(row, true);
            }}
          >
            {say.option(row.sku, row.name)}
          </div>
        ))}
      </div>
      <p id={`${id}-said`} class="article-said" role="status">
        {offer.said.value === '' ? say.hint : offer.said.value}
      </p>
    </div>
  );
}
