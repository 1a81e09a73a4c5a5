// What a till did on a day, read from the journal: from the index of keys first, then only what came in since.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DayClosedContent, FactContent } from '../../core/fact.ts';
import { missingReceipts } from '../../core/receipt-numbers.ts';
import { JOURNAL_FILE, openReadOnly } from '../../storage/database.ts';
import type { Journal } from '../../storage/journal.ts';
import { openTillDays } from '../../storage/till-days.ts';
import { transaction } from '../facts.ts';
import { temporaryFolder } from '../temporary.ts';
import { openShop } from './shop.ts';

const DAY = '2026-11-21';
const receipt = (number: number, more: Parameters<typeof transaction>[2] = {}): FactContent =>
  transaction('sale', [{ sku: 'A', quantity: 1000 }], { receipt: String(number), total: 500, currency: 'EUR', ...more });
const closed = (more: Partial<DayClosedContent> = {}): DayClosedContent => ({
  ...{ kind: 'day-closed', workstation: 'T1', document: 'Z1', businessDate: DAY, occurred: `${DAY}T20:00:00+01:00` },
  ...more,
});
