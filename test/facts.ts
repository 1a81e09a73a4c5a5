// Facts for tests, plain and valid.
import type {
  MovementContent,
  MovementKind,
  TransactionContent,
  TransactionKind,
  TransactionLine,
} from '../core/fact.ts';

const common = { workstation: 'T1', businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00+01:00' };

export const transaction = (
  kind: TransactionKind,
  lines: TransactionLine[],
  more: Partial<TransactionContent> = {},
): TransactionContent => ({ kind, ...common, receipt: '1042', lines, ...more });

export const movement = (
  kind: MovementKind,
  lines: MovementContent['lines'],
  more: Partial<MovementContent> = {},
): MovementContent => ({ kind, ...common, document: 'D-7', lines, ...more });
