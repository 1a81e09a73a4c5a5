// The message catalogue of head office's page, in the reader's language.
import { NOW, type Spoken } from '../kit/language.ts';
import { hq as de } from '../kit/messages/de/hq.ts';
import { hq as en, type HqMessages } from '../kit/messages/en/hq.ts';

export const HQ_CATALOGUES: Record<Spoken, HqMessages> = { en, de };

export const words: HqMessages = HQ_CATALOGUES[NOW.language];
