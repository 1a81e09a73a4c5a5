// What a back office posts, for tests: count sheets, deliveries, documents that take back, Z reports.
import { expect } from 'vitest';
import { CAPTURE_ERROR_STATUS, CaptureError } from '../../protocol/local/capture.ts';

export const common = { workstation: 'H1', businessDate: '2026-11-21', occurred: '2026-11-21T10:10:00+00:00' };
export const sentAt = '2026-11-21T10:15:03+00:00';
export const sheet = (lines: object[], changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, stocktake: 'ST-7', begun: '2026-11-21T09:40:00+00:00', lines },
  ...changes,
});
export const delivery = (changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, kind: 'goods-received', document: 'DN-1', lines: [{ sku: 'A', quantity: '12.5' }] },
  ...changes,
});
export const undo = (reverses: unknown, document = 'U-1', changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, document, reverses },
  ...changes,
});
export const day = (changes: Record<string, unknown> = {}) => ({ ...common, document: 'Z-1', ...changes });

export const refusal = (response: { status: number; data: string }): string => {
  const { error } = CaptureError.parse(JSON.parse(response.data));
  expect(response.status).toBe(CAPTURE_ERROR_STATUS[error.code]);
  return `${response.status} ${error.code}`;
};
export const issues = (response: { data: string }): string[] =>
  (CaptureError.parse(JSON.parse(response.data)).error.issues ?? []).map(({ field, problem }) => `${field} ${problem}`);
