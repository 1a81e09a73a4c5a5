// Central's decisions are one chain; a store applies that chain only, and what it applied is never lost (R2, H10).
import { directiveBytes, directivesGenesis, linkDirective } from '../../../core/decision.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import type { Fault, Options } from '../swarm.ts';
import type { Checker } from './checker.ts';

/** What takes away a store's own memory of them. */
const FORGETS: Fault[] = ['restoredBackup', 'oldDatabase', 'damage', 'clone', 'powerLoss', 'syncFails'];

export const decisions: Checker = {
  name: 'decisions',
  begin: ({ faults }: Options) => {
    const applied = new Map<string, { agent: string; chain: string }>();
    const said = new Set<string>();
    const mayForget = faults.centralRestored !== undefined && FORGETS.some((fault) => faults[fault] !== undefined);
    return {
      hear(noted) {
        if (noted.kind === 'decided') said.add(`${noted.store}/${noted.row.dseq}/${noted.row.chain}`);
        if (noted.kind !== 'applied') return null;
        const { store, agent, dseq, chain } = noted;
        applied.set(`${store}/${dseq}`, { agent, chain });
        if (said.has(`${store}/${dseq}/${chain}`)) return null;
        return { fact: `${agent}:d${dseq}`, detail: 'central never decided it' };
      },
      end({ central, stores, hasSettled }) {
        for (const store of stores) {
          let chain = directivesGenesis(sha256, store);
          for (const [index, row] of central.directives(store).entries()) {
            chain = linkDirective(sha256, chain, directiveBytes(row.directive));
            if (row.dseq === index + 1 && row.chain === chain) continue;
            return { fact: `${store}:d${row.dseq}`, detail: 'the chain of decisions is broken here' };
          }
        }
        if (!hasSettled || mayForget) return null;
        for (const [name, { agent, chain }] of applied) {
          const [store = '', dseq] = name.split('/');
          const held = central.directives(store)[Number(dseq) - 1];
          if (held?.chain !== chain)
            return { fact: `${agent}:d${dseq}`, detail: 'it was applied, and central lost it' };
        }
        return null;
      },
    };
  },
};
