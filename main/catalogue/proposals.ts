// Tells head office what people of the store would have otherwise in its catalogue, and hears what became of it.
import { z } from 'zod';
import { EDITS_SENT_MAX } from '../../core/limits/catalogue.ts';
import { OutcomesAnswer, StoreOutcome } from '../../protocol/device/catalogue.ts';
import type { OwnProposal } from '../../protocol/local/rooms/stock.ts';
import type { Storage } from '../../storage/client.ts';
import type { DeviceClient } from '../device-client.ts';

export type ProposalParts = {
  storage: Pick<Storage, 'openProposals' | 'tellProposals' | 'readSetting' | 'writeSetting'>;
  client: Pick<DeviceClient, 'get' | 'post'>;
};

const Sent = z.strictObject({ outcomes: z.array(StoreOutcome) });
/** Where the last question for outcomes ended; they are counted anew in each life of central's database. */
const Asked = z.strictObject({ life: z.string(), n: z.int().nonnegative() });
const ASKED = 'catalogue-outcomes';

/** True where something of them is known that was not before. Throws what the client throws. */
export async function exchangeProposals(parts: ProposalParts, life: string): Promise<boolean> {
  const { storage } = parts;
  const open = await storage.openProposals();
  if (open.length === 0) return false;
  const before = readAsked(await storage.readSetting(ASKED));
  // A central that was put back from a copy may not know of those that it answered.
  const unheard = before?.life === life ? open.filter(({ outcome }) => outcome === null) : open;
  let isNew = false;
  for (let from = 0; from < unheard.length; from += EDITS_SENT_MAX) {
    if (await send(parts, unheard.slice(from, from + EDITS_SENT_MAX))) isNew = true;
  }
  const after = before?.life === life ? before.n : 0;
  return (await hear(parts, life, after)) || isNew;
}

async function send({ storage, client }: ProposalParts, proposals: OwnProposal[]): Promise<boolean> {
  const entries = proposals.map(({ id, sku, attribute, value, basedOn }) => {
    return { kind: 'edit', id, sku, attribute, value, basedOn };
  });
  const { outcomes } = await client.post('/v1/device/catalogue/edits', { entries }, Sent);
  return (await storage.tellProposals(outcomes.map(toldOf))) > 0;
}

async function hear({ storage, client }: ProposalParts, life: string, from: number): Promise<boolean> {
  let isNew = false;
  for (let [after, more] = [from, true]; more; ) {
    const answer = await client.get('/v1/device/catalogue/outcomes', { after }, OutcomesAnswer);
    if ((await storage.tellProposals(answer.rows.map(toldOf))) > 0) isNew = true;
    const last = answer.rows.at(-1)?.n ?? after;
    more = answer.more && last > after;
    after = last;
    await storage.writeSetting(ASKED, JSON.stringify({ life, n: after }));
  }
  return isNew;
}

const toldOf = ({ entry, outcome, sentence }: StoreOutcome) => ({ id: entry, outcome, sentence });

function readAsked(text: string | null): z.infer<typeof Asked> | null {
  try {
    return text === null ? null : Asked.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
