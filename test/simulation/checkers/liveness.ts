// Once the weather is calm everything settles, within a bound of virtual time and of events.
import type { Checker } from './checker.ts';

export const liveness: Checker = {
  name: 'liveness',
  begin: () => ({
    end: ({ hasSettled, unsettled }) =>
      hasSettled ? null : { fact: unsettled[0]?.split(' ')[0] ?? 'run', detail: unsettled.join('; ') },
  }),
};
