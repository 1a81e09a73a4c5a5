// The line of a device to central: signs in as enrolment says, or stays silent where there is nothing to sign in with.
import type { Clock } from '../../core/clock.ts';
import type { Storage } from '../../storage/client.ts';
import { dialInWorker } from '../../sync/link-client.ts';
import { startUplink, type Uplink, type UplinkOptions } from '../../sync/uplink.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';
import { type Log, randomHex, systemChance } from '../runtime.ts';
import { version } from '../version.ts';
import type { Member } from './member.ts';
import type { MovingWatch } from './moving.ts';

type Parts = {
  member: Member;
  moving: Pick<MovingWatch, 'now'>;
  clock: Clock;
  storage: Storage;
  log: Log;
  onChange(): void;
  onCommand?: UplinkOptions['onCommand'];
  onConfiguration?: UplinkOptions['onConfiguration'];
  standing?: UplinkOptions['standing'];
};

const NOT_YET = 'Head office has not taken this PC in yet. Sales are kept here and sent when it has.';
const LEFT = 'This PC has left its store.';

/** Each conversation has one key: a change of keys begins another one. */
export function startLine({ member, moving, clock, storage, log, onChange, ...parts }: Parts, quiet: boolean): Uplink {
  const { onCommand, onConfiguration, standing } = parts;
  if (moving.now()?.step === 'left') return silent(clock, LEFT);
  if (!member.maySend()) return silent(clock, NOT_YET);
  return startUplink({
    ...{ outbox: storage, dial: dialInWorker, clock, chance: systemChance, randomHex, agentVersion: version, log },
    ...{ signer: member.present(), url: member.way, centralKey: member.centralKey(), onRefused: member.refused },
    ...{ onCommand, onConfiguration, standing, quiet },
    onState(state) {
      const { line, reason, inFlight } = state;
      log.debug?.({ line, reason, inFlight }, 'the line');
      if (state.line === 'online') member.taken();
      onChange();
    },
  });
}

function silent(clock: Clock, reason: string): Uplink {
  const sinceMs = clock.wallMs();
  const state: UplinkState = { line: 'offline', sinceMs, reason, inFlight: 0, trial: false, renewedMs: null };
  return {
    state: () => state,
    nudge: () => {},
    setQuiet: () => {},
    setPolicy: () => {},
    report: () => false,
    tellStanding: () => {},
    centralMs: () => null,
    replay: async () => ({ kind: 'declined', reason }),
    stop: async () => {},
  };
}
