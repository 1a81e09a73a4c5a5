// Units of goods as people around here write them.
import { number } from './format.ts';

/** Thousandths to units: 2500 is "2.5". */
export const units = (thousandths: number): string => number(thousandths / 1_000);
