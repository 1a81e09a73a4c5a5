// What a feed is: it turns a tongue of tills into the documents of the capture API, one after the other, in bounded memory.
import type { SetAsideCode } from '../../core/captured.ts';
import type { StocktakeInput } from '../../protocol/local/documents.ts';
import type { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';
import type { FeedSettings } from './settings.ts';

/** A document as the capture API takes it: from here on all feeds go the same way. */
export type FeedDocument =
  | { way: 'transactions'; body: TransactionInput }
  | { way: 'movements'; body: MovementInput }
  | { way: 'stocktakes'; body: StocktakeInput };

/**
 * One thing that stands in the input. `place` names it for people ("transaction 12 (till 34, number 161)"), `raw` is the
 * input itself, word for word, so much of it that the same feed can read it again alone.
 */
export type FeedItem =
  | { kind: 'document'; place: string; raw: string; documents: [FeedDocument, ...FeedDocument[]] }
  | { kind: 'aside'; place: string; raw: string; code: SetAsideCode; reason: string; receipt?: string | undefined }
  /** Nothing that moves goods or money: a sign-on, a training sale, a catalogue change. `what` is a sentence. */
  | { kind: 'passed'; place: string; what: string };

export type FeedContext = {
  settings: FeedSettings;
  /** The store that this journal belongs to. */
  store: string;
  /** IANA zone of times that name none: the settings', else the one of this PC. */
  timeZone: string;
};

export type Feed = {
  name: FeedSettings['feed'];
  /**
   * Throws ImportStopped("bad-file") where the rest of the input cannot be read at all; what came before stands. Never
   * throws for one document: that is set aside and the next one is read.
   */
  read(source: AsyncIterable<Uint8Array>, context: FeedContext): AsyncIterable<FeedItem>;
  /** Fields whose values are identifiers, never taken for card numbers (D23), by their local names. */
  identifiers: readonly string[];
};
