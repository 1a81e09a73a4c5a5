// The room of what needs a person: open questions and how they are answered.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Decided, Decision, ExceptionRow } from '../exceptions.ts';

export const needsContract = {
  /** Open questions of this store: its own first, then by deadline. */
  list: oc.output(z.array(ExceptionRow)),
  /** Captures the store's answer; it works without a line. */
  decide: oc.input(Decision).output(Decided),
};
