// docs/conflicts.md: the conflict table as worked examples, folded by the product itself.
import { chapters } from './conflict-chapters.ts';
import { STORIES } from './conflict-examples.ts';
import { tell } from './conflict-story.ts';

const INTRODUCTION = `# When both sides changed the same thing

For whoever controls inventory. A store sells, counts and receives while its line is down; head office corrects, reserves and orders meanwhile. When the line returns both sides come to the same figures, and each difference has a sentence. This page shows each case with figures. It is made from the examples that the tests run, so it says what the product does.

How to read it: a *place* is where units are (shelf, reserved, in transit, damaged, with a customer, with a supplier, shrink, adjustment). Units only ever move from one place to another, so all places of an article add up to zero. *On hand* is shelf and reserved together. Shrink is what counts found missing, adjustment what head office corrected. While a store waits for head office its sentences begin with "So far".
`;

export const conflictsPage = (): string => [INTRODUCTION, ...STORIES.map(tell), ...chapters()].join('\n');
