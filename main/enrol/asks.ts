// What a device asks central for itself: to join, to be renewed, to go on with another key, to leave.
import { z } from 'zod';
import { Credentials } from '../../protocol/device/credentials.ts';
import { possessionStatement } from '../../protocol/device/signed-request.ts';
import type { WipeCertificate } from '../../protocol/wipe-certificate.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { CentralDeclined } from '../device-client.ts';
import type { Log } from '../runtime.ts';
import type { Held } from './held.ts';
import { type Invitation, type JoinParts, join } from './join.ts';
import type { Kept } from './kept.ts';
import { openNextKey } from './keys.ts';

/** Each rejects with CentralDeclined, CentralSilent or UsageError, and leaves all as it was or as it is to be. */
export type Asks = {
  join(invitation: Invitation): Promise<void>;
  renew(mine: Kept): Promise<void>;
  /** The old key signs, also once more after a lost answer: central knows it as the one before. */
  rotate(mine: Kept): Promise<void>;
  /** Asking again is harmless. Answers central's sentence. */
  retire(mine: Kept, certificate: WipeCertificate): Promise<string>;
};

const Told = z.strictObject({ message: z.string() });

export function makeAsks(parts: JoinParts, held: Held, log: Log): Asks {
  return {
    async join(invitation) {
      const { credentials, remainder } = await join(parts, invitation);
      await held.reload();
      const { device, store } = credentials;
      log.warn({ device, store, remainder }, 'this computer was enrolled');
    },
    async renew(mine) {
      const signer = held.signer();
      const credentials = await held.client(mine, signer).post('/v1/device/certificates', {}, Credentials);
      await held.take(mine, credentials, signer);
      log.info({ untilMs: credentials.untilMs }, 'certificate and password were renewed');
    },
    async rotate(mine) {
      const next = openSigner(openNextKey(parts.folder));
      const { publicKey } = next;
      const proof = next.sign(possessionStatement(publicKey, mine.credentials.device));
      const client = held.client(mine, held.signer());
      await held.take(mine, await client.post('/v1/device/keys', { publicKey, proof }, Credentials), next);
      log.warn({ keyId: next.keyId }, 'this computer signs with a new key');
    },
    async retire(mine, certificate) {
      try {
        const client = held.client(mine, held.signer());
        return (await client.post('/v1/device/retirement', { certificate }, Told)).message;
      } catch (error) {
        // The answer of an earlier time was lost.
        if (error instanceof CentralDeclined && error.state === 'retired') return error.message;
        throw error;
      }
    },
  };
}
