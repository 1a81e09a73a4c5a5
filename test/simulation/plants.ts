// Where a known bug can be planted without touching the product: the ports that a run hands to it.
import type { Ledger } from '../../central/ports.ts';
import type { Captured } from '../../core/captured.ts';
import type { Clock } from '../../core/clock.ts';
import type { Dial } from '../../protocol/wire/link.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Outbox } from '../../sync/ports.ts';
import type { Chance } from './random.ts';

export type AgentPorts = { outbox: Outbox; dial: Dial };

export type Plants = {
  journal(journal: Journal): Journal;
  agent(ports: AgentPorts): AgentPorts;
  /** `later` waits in virtual time; it never comes back to a central that died meanwhile. */
  ledger(ledger: Ledger, later: (ms: number) => Promise<void>, chance: Chance): Ledger;
  /** A capture as the journal gets it; `nowMs` by the computer's clock. */
  captured(captured: Captured, nowMs: number): Captured;
  /** The clock as the journal sees it. */
  clock(clock: Clock): Clock;
  answersBeforeSync: boolean;
  /** What a counter writes down who found so many, so many of them set aside for customers. */
  counted(found: number, reserved: number): number;
};

export const NOTHING_PLANTED: Plants = {
  journal: (journal) => journal,
  agent: (ports) => ports,
  ledger: (ledger) => ledger,
  captured: (captured) => captured,
  clock: (clock) => clock,
  answersBeforeSync: false,
  counted: (found) => found,
};
