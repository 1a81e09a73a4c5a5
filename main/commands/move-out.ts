// tillwire move-out: the old end of a move to another PC: takes in nothing more, sends all, leaves head office in order.

import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { MOVE_LOOK_MS } from '../../core/limits/joining.ts';
import { type Agent, startAgent } from '../agent.ts';
import { findAgent } from '../agent-client.ts';
import { askedToEnd } from '../asked-to-end.ts';
import { readIdentity } from '../data-folder.ts';
import { whoIsThis } from '../enrol/at-start.ts';
import { beginMoving, cancelMoving, type Moving, readMoving, waitsOf } from '../enrol/moving.ts';
import { openLog } from '../runtime.ts';
import { readWipe } from '../this-pc/safe-to-wipe.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller } from './options.ts';
import { WIPE_REASONS_TOLD } from './safe-to-wipe.ts';

type Options = { data: string; by?: string; cancel?: boolean; mirror?: string };

export const moveOutCommand = (): Command =>
  new Command('move-out')
    .description(
      'Moves a store away from this PC: it takes in nothing more, sends all, leaves head office in order, and keeps a ' +
        'certificate that it may be wiped. Then enrol the new PC.',
    )
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--mirror <folder>', 'folder of the second copy, where the agent does not run and has one', pathFromCaller)
    .option('--by <name>', 'who; the user of this computer unless told')
    .option('--cancel', 'the store stays on this PC after all')
    .action(run);

async function run({ data, mirror, cancel, by = userInfo().username }: Options): Promise<void> {
  if (cancel === true) return stay(data);
  if (readMoving(data) === null) assertNothingIsLeft(data);
  const begun = beginMoving(data, by, Date.now());
  const { store } = readWipe(data);
  if (begun.step !== 'left') console.log(`Store ${store} is being moved away from this PC. It takes in nothing more.`);
  const agent = begun.step === 'left' || (await findAgent(data)) !== null ? null : await startHere(data, mirror);
  try {
    const left = await untilLeft(data);
    if (left === null) {
      console.log('It goes on with the agent of this PC. Say the same again to see how far it is.');
      return;
    }
    console.log(
      [
        `Store ${store} has left this PC. ${left.sentence ?? ''}`.trim(),
        `Keep ${left.certificate ?? 'the certificate'} elsewhere: it proves that this PC may be wiped.`,
        'Now enrol the new PC: head office issues a token, and there: tillwire agent --enrol TOKEN --central URL --data FOLDER',
      ].join('\n'),
    );
  } finally {
    await agent?.stop();
  }
}

function stay(data: string): void {
  if (!cancelMoving(data)) throw new UsageError('It has left already: to come back it is enrolled again.');
  console.log(`Store ${readIdentity(data)?.store ?? ''} stays on this PC. Tills may go on.`);
}

/** What only a person can put right is put right while the doors are still open. */
function assertNothingIsLeft(data: string): void {
  const left = readWipe(data).reasons.filter(({ code }) => ['set-aside', 'drafts', 'files'].includes(code));
  if (left.length === 0) return;
  const told = left.map(({ code, count }) => `  ${WIPE_REASONS_TOLD[code](count)}`);
  throw new UsageError(['First put right what only people can:', ...told].join('\n'));
}

/** Where no agent runs it runs here, without a way in for tills. */
async function startHere(data: string, mirror: string | undefined): Promise<Agent> {
  const who = await whoIsThis({ data }, (sentence) => console.error(sentence));
  return startAgent({
    ...{ ...who, folder: data, mirror, port: 0, log: openLog('move-out') },
    onFault(error) {
      throw error;
    },
  });
}

/** Null where whoever waits does not want to wait any longer. */
async function untilLeft(data: string): Promise<Moving | null> {
  let asked = false;
  let told = '';
  void askedToEnd().then(() => {
    asked = true;
  });
  while (!asked) {
    const moving = readMoving(data);
    if (moving === null) throw new UsageError('Somebody said that the store stays on this PC.');
    if (moving.step === 'left') return moving;
    const now = progressOf(data, moving);
    if (now !== told) console.log(now);
    told = now;
    await pause(MOVE_LOOK_MS);
  }
  return null;
}

function progressOf(data: string, { step, sentence }: Moving): string {
  if (step === 'leaving') return sentence ?? 'All is sent. Head office is told that this PC leaves.';
  const waits = waitsOf(readWipe(data).reasons).map(({ code, count }) => WIPE_REASONS_TOLD[code](count));
  return waits.length === 0 ? 'All is sent.' : waits.join(' ');
}
