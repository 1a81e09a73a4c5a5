// What others propose for attributes that this store decides on: as head office last told it, and the store's answers.
import { z } from 'zod';
import { StoreOutcome, WaitingProposal } from '../../protocol/device/catalogue.ts';
import type { ProposalAnswer, ProposalAnswered } from '../../protocol/local/rooms/stock.ts';
import type { DeviceClient } from '../device-client.ts';

type Client = Pick<DeviceClient, 'get' | 'post'>;

export type WaitingParts = {
  client: () => Client | null;
  onChange: () => void;
  /** That many random bytes in hex. */
  randomHex: (bytes: number) => string;
};

export type Waiting = ReturnType<typeof openWaiting>;

const Answered = z.strictObject({ outcomes: z.array(StoreOutcome) });

/** In memory only: head office keeps them, and an answer needs a line to it anyway. */
export function openWaiting({ client, onChange, randomHex }: WaitingParts) {
  let proposals: WaitingProposal[] = [];

  /** Throws what the client throws. */
  async function read(from: Client): Promise<void> {
    const told = await from.get('/v1/device/catalogue/proposals', {}, WaitingProposal.array());
    const isSame = JSON.stringify(told) === JSON.stringify(proposals);
    proposals = told;
    if (!isSame) onChange();
  }

  return {
    all: (): readonly WaitingProposal[] => proposals,
    read,
    async answer({ proposal, accept, basedOn }: ProposalAnswer): Promise<ProposalAnswered> {
      const to = client();
      if (to === null) return 'unreached';
      const entries = [{ kind: 'answer', id: `a-${randomHex(16)}`, proposal, accept, basedOn }];
      try {
        const { outcomes } = await to.post('/v1/device/catalogue/edits', { entries }, Answered);
        const isDone = outcomes.some(({ outcome }) => outcome === 'accepted' || outcome === 'rejected');
        await read(to);
        return isDone ? 'done' : 'changed';
      } catch {
        return 'unreached';
      }
    },
  };
}
