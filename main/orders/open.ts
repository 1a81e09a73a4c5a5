// Joins the desk of head office's commands to the agent: what it is asked, what it carries out, how it tells.
import type { IntakeParts } from '../../capture/reading.ts';
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { InForce } from '../configuration/in-force.ts';
import type { DeviceClient } from '../device-client.ts';
import type { Changes } from '../rooms/parts.ts';
import type { Log } from '../runtime.ts';
import { makeDiagnostics } from '../this-pc/diagnostics.ts';
import type { LineSwitch } from '../this-pc/line-switch.ts';
import { makeTryCommand } from '../tries/carry-out.ts';
import { makeCarryOut } from './carry-out.ts';
import { openKeptOrders } from './kept.ts';
import { type OrderDesk, openOrders } from './orders.ts';
import { statusOf } from './status.ts';

/** This computer as a device of its store. */
export type Identity = {
  state(): Membership | null;
  client(): DeviceClient | null;
  rotateKeys(): Promise<{ keyId: string }>;
  signer: Pick<Signer, 'keyId'>;
};

type Parts = {
  folder: string;
  mirrorFolder: string;
  line: LineSwitch;
  identity: Identity;
  intake: Pick<IntakeParts, 'store'>;
  /** Drives again what was set aside; a sentence. */
  redrive(): Promise<string>;
  /** What a dry run is compared with. */
  configuration: Pick<InForce, 'now' | 'revision'>;
  snapshot(): Promise<Snapshot>;
  changes: Pick<Changes, 'next'>;
  wallMs(): number;
  monotonicMs(): number;
  log: Log;
};

export function startOrders({ folder, mirrorFolder, line, identity, intake, snapshot, ...parts }: Parts): OrderDesk {
  const { changes, redrive, wallMs, log } = parts;
  const desk: OrderDesk = openOrders({
    ...{ kept: openKeptOrders(folder), line, wallMs, log },
    carryOut: makeCarryOut({
      ...{ line, client: identity.client, rotateKeys: identity.rotateKeys },
      greeted: () => desk.greeted(),
      redrive,
      tryOut: makeTryCommand({
        ...{ folder, store: intake.store, client: identity.client, configuration: parts.configuration },
        ...{ wallMs, monotonicMs: parts.monotonicMs },
      }),
      diagnostics: async () => makeDiagnostics({ folder, mirrorFolder, live: await snapshot(), nowMs: wallMs() }),
    }),
    status: async () => statusOf(await snapshot(), identity.state()),
    here: () => ({ paused: line.paused() !== null, keyId: identity.signer.keyId }),
  });
  const ending = new AbortController();
  void (async () => {
    while (!ending.signal.aborted) {
      await changes.next(ending.signal);
      desk.look();
    }
  })();
  return {
    ...desk,
    async close() {
      ending.abort();
      await desk.close();
    },
  };
}
