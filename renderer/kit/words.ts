// The message catalogue of the reader's language; English where there is none.
import { en, type Messages } from './messages/en.ts';

const CATALOGUES: Record<string, Messages> = { en };

const language = (globalThis.navigator?.language ?? 'en').split('-')[0] ?? 'en';

export const words: Messages = CATALOGUES[language] ?? en;
