// The message catalogue of the window's language.
import { NOW, type Spoken } from './language.ts';
import { de } from './messages/de.ts';
import { en, type Messages } from './messages/en.ts';

export const CATALOGUES: Record<Spoken, Messages> = { en, de };

export const words: Messages = CATALOGUES[NOW.language];
