// The words of POSLog and its vendors that decide what a transaction, a line or an item is.

/** The parts of a Transaction that say what it is, in the order in which they are looked for. */
export const SALES = ['RetailTransaction'] as const;
export const ORDERS = ['CustomerOrderTransaction'] as const;
export const STOCK = ['InventoryControlTransaction', 'InventoryTransaction'] as const;
export const POST_VOIDS = ['PostVoidTransaction', 'PostVoid'] as const;
export const TENDER_CONTROL = [
  'TenderControlTransaction',
  'StoreFinancialTransaction',
  'FinancialTransaction',
  'TillTransaction',
  'SessionControlTransaction',
] as const;
export const CONTROL = ['ControlTransaction', 'BusinessEOD', 'BusinessSOD', 'POSSOD', 'POSEOD', 'NoSale'] as const;

/** Lines that hand goods out, or money for them, over the counter. */
export const SOLD = new Set(['Sale', 'SaleForDelivery', 'SaleForPickup']);
export const RETURNED = new Set(['Return', 'ReturnForDelivery', 'ReturnForPickup']);
/** Ordered or put by before: the goods leave when it is completed. */
export const COLLECTED = new Set(['PreviousLayaway', 'PreviousCustomerOrder']);
/** Ordered or put by now: the goods stay in the shop, what is paid is money without goods. */
export const PUT_BY = new Set(['Layaway', 'CustomerOrderForPickup', 'CustomerOrderForDelivery', 'LayawayReturn']);
/** Money without goods. */
export const MONEY = new Set([
  'PaymentOnAccount',
  'Deposit',
  'GiftCertificate',
  'GiftCard',
  'StoredValue',
  'StoredValueFund',
  'Fee',
  'Donation',
  'BillPayment',
  'MiscellaneousFee',
  'Service',
]);
export const PAID = new Set(['Tender', 'TenderChange']);
/** What else lines hold: nothing of it moves goods or is the receipt's money. */
export const BESIDE = new Set([
  'Tax',
  'Discount',
  'LoyaltyReward',
  'LoyaltyMembership',
  'Loyalty',
  'LoyaltyAccount',
  'Exchange',
  'Coupon',
  'TransactionDeal',
  'PriceModification',
  'RainCheck',
]);

/** Item types that are no goods; "Stock", numbers of vendors and what is not said are goods. */
const NO_GOODS =
  /deposit|service|(?<!cof)fee|gift|stored|voucher|certificat|warrant|donation|postage|shipping|delivery|alteration|credit|tax|rounding|membership|topup|insurance|payment|licen[cs]e|loyalty|reward|coupon|discount/i;
export const isNoGoods = (itemType: string | undefined): boolean => itemType !== undefined && NO_GOODS.test(itemType);

export type Fate = 'counts' | 'cancelled' | 'suspended' | 'unfinished' | 'voided' | 'post-voided' | 'retrieved';

/** What became of a transaction, by its TransactionStatus; what is not listed counts. */
export function fateOf(status: string | undefined): Fate {
  const word = (status ?? '')
    .replace(/^[A-Za-z0-9]{1,10}:/, '')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
  if (/^(cancel|abort|abandon)/.test(word)) return 'cancelled';
  if (word.startsWith('suspend')) return 'suspended';
  if (word === 'failed' || word === 'inprocess' || word === 'inprogress' || word === 'open') return 'unfinished';
  if (word.startsWith('postvoid')) return 'post-voided';
  if (/^void/.test(word)) return 'voided';
  return word === 'retrieved' ? 'retrieved' : 'counts';
}

/** A tender of that type is money that the customer gets. */
export const isPaidBack = (typeCode: string | undefined): boolean =>
  typeCode !== undefined && /refund|return|change|payout|paidout/i.test(typeCode);

/** Dispositions of goods that came back. */
export function dispositionOf(method: string | undefined): 'resell' | 'damaged' | 'to-vendor' | undefined {
  if (method === undefined) return undefined;
  if (/vendor|supplier|manufactur|rtv/i.test(method)) return 'to-vendor';
  if (/damag|destroy|scrap|dispose|discard|waste|defect|trash|writeoff/i.test(method)) return 'damaged';
  return /stock|resell|resale|shelf|sellable/i.test(method) ? 'resell' : undefined;
}

const UNITS_OF_MEASURE =
  /^(kg|kgm|g|gr|grm|lb|lbr|lbs|oz|onz|hg|l|lt|ltr|ml|mlt|cl|gal|gll|ga|m|mtr|cm|cmt|mmt|ft|fot|yd|yrd|in|inh|mtk|m2)$/i;
export const isMeasure = (code: string | undefined): boolean => code !== undefined && UNITS_OF_MEASURE.test(code);
