// A captured fact as people read it: decimal text, without what only this PC may know.
import { formatDecimal, formatQuantity, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { minorDigits } from '../../core/currency.ts';
import { documentNumber, type FactContent, naturalKey } from '../../core/fact.ts';
import type { PreviewDocument, PreviewLine } from '../../protocol/local/preview.ts';

/** Minor units as text with all digits of the currency: 1250 is "12.50". */
export function amountText(minor: number | bigint, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(minor < 0 ? -minor : minor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0 ? '-' : ''}${digits === 0 ? whole : `${whole}.${text.slice(text.length - digits)}`}`;
}

export function showDocument(store: string, content: FactContent): PreviewDocument {
  return {
    kind: content.kind,
    till: content.workstation,
    number: documentNumber(content),
    businessDate: content.businessDate,
    time: content.occurred,
    ...bodyOf(content),
    key: naturalKey(store, content),
  };
}

type Body = Pick<PreviewDocument, 'lines'> & Partial<PreviewDocument>;

function bodyOf(content: FactContent): Body {
  if ('receipt' in content) {
    const { currency, tenders, total, operator, voids } = content;
    const amount = (minor: number): string => amountText(minor, currency ?? 'EUR');
    return {
      currency,
      lines: content.lines.map((line) => ({
        ...itemOf(line),
        quantity: formatQuantity(line.quantity),
        unitPrice: line.unitPriceE4 === undefined ? undefined : formatDecimal(line.unitPriceE4, UNIT_PRICE_SCALE),
        amount: line.amount === undefined ? undefined : amount(line.amount),
        notGoods: line.notGoods,
        disposition: line.disposition,
      })),
      tenders: tenders?.map((tender) => ({ type: tender.type, amount: amount(tender.amount) })),
      total: total === undefined ? undefined : amount(total),
      operator,
      voids: voids?.receipt,
    };
  }
  if (content.kind === 'stocktake') {
    const { reason } = content;
    return {
      reason,
      lines: content.lines.map((line) => ({ ...itemOf(line), quantity: formatQuantity(line.counted) })),
    };
  }
  if (!('lines' in content)) return { lines: [] };
  return {
    reason: content.reason,
    counterparty: content.counterparty,
    lines: content.lines.map((line) => ({
      ...itemOf(line),
      quantity: formatQuantity(line.quantity),
      disposition: line.disposition,
      expected: line.expected === undefined ? undefined : formatQuantity(line.expected),
    })),
  };
}

const itemOf = ({ sku, gtin, description }: Pick<PreviewLine, 'sku' | 'gtin' | 'description'>) => ({
  sku,
  gtin,
  description,
});
