// Two copies of a store never take turns: an instance that was taken over is not welcomed again.
import type { Checker } from './checker.ts';

export const fences: Checker = {
  name: 'fence',
  begin() {
    const present = new Map<string, string>();
    const gone = new Set<string>();
    return {
      hear(noted) {
        // A restored central has forgotten whom it fenced.
        if (noted.kind === 'central-restored') {
          gone.clear();
          present.clear();
        }
        if (noted.kind !== 'welcomed') return null;
        const { store, instance } = noted;
        if (gone.has(instance)) {
          return { fact: `${store}:${instance.slice(0, 8)}`, detail: 'was welcomed after another one had taken over' };
        }
        const before = present.get(store);
        if (before !== undefined && before !== instance) gone.add(before);
        present.set(store, instance);
        return null;
      },
    };
  },
};
