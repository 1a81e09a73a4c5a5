// A question in the window's language; one of a type that this window does not know yet in the words it came with.
import type { ExceptionRow } from '../../../protocol/local/exceptions.ts';
import { words } from '../../kit/words.ts';

export type InWords = { title: string; nextStep: string; options: { name: string; words: string }[] };

export function inWords({ type, title, nextStep, options }: ExceptionRow): InWords {
  const known = (words.questions as Partial<typeof words.questions>)[type];
  if (known === undefined) return { title, nextStep, options };
  const said = options.map((option) => ({ ...option, words: known.options[option.name] ?? option.words }));
  return { title: known.title, nextStep: known.nextStep, options: said };
}
