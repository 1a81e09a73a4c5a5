// The language of the window and how it writes numbers and dates: the store's choice, else the reader's own.
import type { WindowSettings } from '../../protocol/settings.ts';

export type Language = NonNullable<WindowSettings['language']>;
/** Those that have a catalogue in messages/. */
export const SPOKEN = ['en', 'de'] as const satisfies Language[];
export type Spoken = (typeof SPOKEN)[number];

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
const STORED_AS = 'tillwire-language';

const isSpoken = (name: string | undefined): name is Spoken => SPOKEN.some((spoken) => spoken === name);
const baseOf = (locale: string): string | undefined => locale.toLowerCase().split('-')[0];

/** `chosen`: what the store has set, or null; `reader`: the locale of whoever sits here. */
export function languageFor(chosen: string | null, reader: string): Spoken {
  return [chosen ?? undefined, baseOf(reader)].find(isSpoken) ?? 'en';
}

/** English has the formats of the reader's own region ("de-DE" gives "en-DE"), German those of a German region. */
export function formatsFor(language: Language, reader: string): string {
  try {
    const locale = new Intl.Locale(reader).maximize();
    if (language !== 'en') return locale.language === language ? `${language}-${locale.region}` : language;
    return locale.region === undefined ? 'en-GB' : `en-${locale.region}`;
  } catch {
    return language === 'en' ? 'en-GB' : language;
  }
}

/**
 * Remembers what the store has chosen. True where the page reads otherwise until it is loaded anew: once, as it is
 * remembered by then; never where it cannot be remembered.
 */
export function chooseLanguage(chosen: Language | undefined, kept: Kept, now: Now): boolean {
  const wanted = chosen ?? null;
  try {
    if (kept.getItem(STORED_AS) === wanted) return false;
    if (wanted === null) kept.removeItem(STORED_AS);
    else kept.setItem(STORED_AS, wanted);
    return kept.getItem(STORED_AS) === wanted && languageFor(wanted, now.reader) !== now.language;
  } catch {
    return false;
  }
}

export type Now = { language: Spoken; reader: string };

function chosenBefore(): string | null {
  try {
    // Outside of a page there is nobody who chose.
    return globalThis.document === undefined ? null : localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

const reader = globalThis.navigator?.language ?? 'en-GB';
export const NOW: Now = { reader, language: languageFor(chosenBefore(), reader) };
export const LOCALE = formatsFor(NOW.language, reader);
