// The lines of a document: scanned or typed, quantity, next. Scanning an article again counts one more of it.
import type { JSX, RefObject, TargetedFocusEvent, TargetedKeyboardEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { arrives, typedUnits } from '../../../core/goods.ts';
import type { GoodsLine } from '../../../protocol/local/rooms/goods.ts';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';
import type { DraftModel } from './draft-model.ts';

const say = words.goods;
/** A hand needs longer for a key than this, a scanner does not. */
const SCANNED_KEY_MS = 35;
const SCANNED_LENGTH_MIN = 4;

export const quantityId = (sku: string): string => `quantity-${sku}`;

/** One more than what stands there; what is no number is left for a person. */
export function oneMore(quantity: string): string {
  const thousandths = typedUnits(quantity);
  return thousandths === null ? quantity : String((thousandths + 1_000) / 1_000);
}

type LineProps = {
  model: DraftModel;
  line: GoodsLine;
  isKnown: boolean;
  /** What was scanned while the cursor stood in a quantity. */
  scanned: (code: string) => void;
  next: () => void;
};

/** Tells a scanner, which types a whole code at once, from a hand. */
function useScan({ model, line, scanned, next }: LineProps) {
  const typing = useRef({ before: '', firstMs: 0, keys: 0 });
  const start = (event: TargetedFocusEvent<HTMLInputElement>): void => event.currentTarget.select();
  function pressed(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    const { key, timeStamp, currentTarget } = event;
    const so = typing.current;
    if (key.length === 1) {
      const isFirst = so.keys === 0 || timeStamp - so.firstMs > SCANNED_KEY_MS * (so.keys + SCANNED_LENGTH_MIN);
      // A key is heard before it stands in the field.
      if (isFirst) typing.current = { before: currentTarget.value, firstMs: timeStamp, keys: 1 };
      else so.keys++;
    }
    if (key !== 'Enter') return;
    event.preventDefault();
    const isScan = so.keys >= SCANNED_LENGTH_MIN && timeStamp - so.firstMs < SCANNED_KEY_MS * (so.keys + 1);
    typing.current = { before: '', firstMs: 0, keys: 0 };
    if (!isScan) {
      next();
      return;
    }
    const text = currentTarget.value;
    model.changeLine(line.sku, { quantity: so.before });
    scanned(text.length > so.keys && text.startsWith(so.before) ? text.slice(so.before.length) : text);
  }
  return { start, pressed };
}

function Line(props: LineProps): JSX.Element {
  const { model, line, isKnown, next } = props;
  const scan = useScan(props);
  const { sku, name, expected, quantity, damaged } = line;
  const article = name ?? sku;
  const { kind, lines } = model.content.value;
  const isArriving = arrives(kind);
  const isOrdered = isArriving && lines.some((one) => one.expected !== null);
  return (
    <tr>
      <th scope="row">
        {article} {name !== null && <span class="quiet">{sku}</span>}
        {!isKnown && <p class="warning">{say.unknownArticle}</p>}
      </th>
      {isOrdered && <td class="number">{expected === null ? '' : units(expected)}</td>}
      <td class="number">
        <input
          id={quantityId(sku)}
          aria-label={say.quantityOf(article)}
          aria-invalid={typedUnits(quantity) === null}
          inputMode="decimal"
          autocomplete="off"
          value={quantity}
          onFocus={scan.start}
          onInput={(event) => model.changeLine(sku, { quantity: event.currentTarget.value })}
          onKeyDown={scan.pressed}
        />
      </td>
      {isArriving && (
        <td class="number">
          <input
            aria-label={say.damagedOf(article)}
            aria-invalid={typedUnits(damaged) === null}
            inputMode="decimal"
            autocomplete="off"
            value={damaged}
            onInput={(event) => model.changeLine(sku, { damaged: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              next();
            }}
          />
        </td>
      )}
      <td>
        <button type="button" aria-label={say.removeOf(article)} onClick={() => model.removeLine(sku)}>
          {say.remove}
        </button>
      </td>
    </tr>
  );
}

type LinesProps = {
  model: DraftModel;
  unknown: ReadonlySet<string>;
  field: RefObject<HTMLInputElement | null>;
  scanned: (code: string) => void;
};

export function Lines({ model, unknown, field, scanned }: LinesProps): JSX.Element {
  const { lines, kind } = model.content.value;
  if (lines.length === 0) return <p class="quiet">{say.noLines}</p>;
  const isOrdered = arrives(kind) && lines.some((one) => one.expected !== null);
  return (
    <div class="goods-lines">
      <table class="table">
        <caption class="unseen">{say.lines}</caption>
        <thead>
          <tr>
            <th scope="col">{say.article}</th>
            {isOrdered && (
              <th scope="col" class="number">
                {say.announced}
              </th>
            )}
            <th scope="col" class="number">
              {arrives(kind) ? say.good : say.quantity}
            </th>
            {arrives(kind) && (
              <th scope="col" class="number">
                {say.damaged}
              </th>
            )}
            <td />
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line
              key={line.sku}
              model={model}
              line={line}
              isKnown={!unknown.has(line.sku)}
              scanned={scanned}
              next={() => field.current?.focus()}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
