// The chain of the audit log: each row's digest covers all rows before it, so that a changed or missing one is seen.
import { canonicalJson } from '../../core/canonical.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { sha256 } from '../sha256.ts';
import type { AuditRow } from './accounts.ts';

export const AUDIT_GENESIS = hex(sha256(utf8('tillwire/1 audit')));

export const linkAudit = (before: string, row: Omit<AuditRow, 'chain'>): string =>
  hex(sha256(utf8(`${before}\n${canonicalJson(row)}`)));

/** `rows` from the first one on. Number of the first that is not as it was written, or is missing; null: all is whole. */
export function firstBroken(rows: AuditRow[]): number | null {
  let chain = AUDIT_GENESIS;
  for (const [index, { chain: told, ...row }] of rows.entries()) {
    chain = linkAudit(chain, row);
    if (row.n !== index + 1 || chain !== told) return index + 1;
  }
  return null;
}
