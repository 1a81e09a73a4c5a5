// tillwire audit: who asked for what at central, and whether the log is whole.
import { Command } from 'commander';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { AuditRow } from '../../protocol/hq/accounts.ts';
import { firstBroken } from '../../protocol/hq/audit-chain.ts';
import type { CentralClient } from '../central-client.ts';
import { localTime, printJson, printTable } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const EXIT_BROKEN = 1;

export const auditCommand = (): Command =>
  withCentral(new Command('audit'))
    .description(
      'Every change that anybody asked for, oldest first; exit code 1 where a row was changed or is missing.',
    )
    .option('--json', 'JSON on standard output')
    .action(async (options: CentralOptions & { json?: boolean }) => {
      const rows = await auditOf(openCentral(options));
      const broken = firstBroken(rows);
      if (options.json === true) printJson({ whole: broken === null, broken, rows });
      else {
        printTable([['n', 'when', 'who', 'action', 'about', 'result', ''], ...rows.map(cellsOf)]);
        if (broken !== null) console.log(`Row ${broken} is not as it was written, or is missing.`);
      }
      if (broken !== null) process.exitCode = EXIT_BROKEN;
    });

async function auditOf(central: CentralClient): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  let page: AuditRow[];
  do {
    page = await central.get('/audit', { after: rows.at(-1)?.n ?? 0, limit: PAGE_ROWS_MAX }, AuditRow.array());
    rows.push(...page);
  } while (page.length === PAGE_ROWS_MAX);
  return rows;
}

const cellsOf = ({ n, atMs, who, action, subject, result, detail }: AuditRow): string[] => [
  ...[String(n), localTime(atMs), who, action, subject, result, detail],
];
