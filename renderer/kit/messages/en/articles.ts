// English: the field into which an article is typed or scanned.
import { counted } from './counted.ts';

export const articles = {
  label: 'Scan or type an article',
  hint: 'A scanner can be used at any time. Enter takes it.',
  found: (count: number) => (count === 0 ? 'No article found' : counted(count, 'article found', 'articles found')),
  choose: (text: string) => `Choose an article below, or press Enter once more to take “${text}” as it was typed.`,
  unknown: (text: string) => `“${text}” is not known here. It is taken as it was typed: please check it.`,
  notAnArticle: (text: string) => `No article is called “${text}”. Type its number, or part of its name.`,
  noAnswer: 'The program did not answer. Please scan it again.',
  option: (sku: string, name: string | null) => (name === null ? sku : `${name}, ${sku}`),
};
