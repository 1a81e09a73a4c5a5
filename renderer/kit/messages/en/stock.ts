// English: the stock room.
import { moment } from '../../format.ts';

export const history = {
  heading: (sku: string) => `History of ${sku}`,
  when: moment,
  decision: (name: string) => `Decision ${name} of head office`,
  onHand: (quantity: string) => `Then ${quantity} on hand.`,
  without: (document: string, quantity: string) => `Without ${document} it would read ${quantity}.`,
  nothing: 'Nothing is known of it on this PC.',
};
