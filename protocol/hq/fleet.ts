// All stores at one look, each with how it stands: as central's API tells it, once or live.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { STORE_LEVELS, STORE_NOTES, STORE_STATES } from '../../core/fleet.ts';
import { StoreId } from '../fact.ts';

const Millis = z.int().nonnegative();
const Count = z.int().nonnegative();
const Level = z.enum(STORE_LEVELS);

export const FleetRow = z
  .strictObject({
    store: z.string(),
    state: z.enum(STORE_STATES),
    sinceMs: Millis.nullable().meta({ description: 'Since when it is so, where that is known' }),
    level: Level.meta({ description: '"needs": somebody has to do something; "watch": good to know' }),
    notes: z
      .array(z.strictObject({ note: z.enum(STORE_NOTES), value: z.int(), level: Level }))
      .meta({ description: 'What else there is to know, worst first; `value` is a count, a time or milliseconds' }),
    heardMs: Millis.nullable().meta({ description: 'When it last said anything, to the minute' }),
    postedMs: Millis.nullable().meta({ description: 'When central last took in something of it, to the minute' }),
    online: z.boolean().meta({ description: 'As the broker last said; only a hint' }),
    waiting: Count.nullable().meta({ description: 'What it holds that central does not, as it last said' }),
    waitingSinceMs: Millis.nullable(),
    open: Count.meta({ description: 'Open exceptions, whoever owns them' }),
    refused: Count.meta({ description: 'Documents that central could not take in' }),
    version: z.string().nullable().meta({ description: 'Of the program on its computer' }),
    device: z.string().nullable().meta({ description: 'The computer that speaks for it' }),
    computer: z.string().nullable().meta({ description: 'How that computer is called in the network' }),
    certificateUntilMs: Millis.nullable(),
  })
  .meta({ id: 'FleetRow' });
export type FleetRow = z.infer<typeof FleetRow>;

/** What its computer last said of itself. */
export const FleetStatus = z.strictObject({
  toldMs: Millis,
  startedMs: Millis,
  capturedMs: Millis.nullable().meta({ description: 'When a till last sold or moved something' }),
  setAside: Count.meta({ description: 'What came in and could not be placed' }),
  pausedBy: z.string().nullable(),
  pausedWhy: z.string().nullable(),
  diskFreeBytes: Count.nullable(),
  diskDays: Count.nullable().meta({ description: 'Until the disk is full, at the pace of the last weeks' }),
  skewMs: z.int().nullable().meta({ description: "Its clock less central's" }),
});
export type FleetStatus = z.infer<typeof FleetStatus>;

export const FleetStore = z.strictObject({ row: FleetRow, status: FleetStatus.nullable() });
export type FleetStore = z.infer<typeof FleetStore>;

const Sight = {
  nowMs: Millis.meta({ description: "Central's clock" }),
  more: Count.meta({ description: 'Stores that are not in the list because it is too long' }),
};

export const Fleet = z.strictObject({ ...Sight, rows: z.array(FleetRow) });
export type Fleet = z.infer<typeof Fleet>;

export const FleetChange = z.strictObject({
  ...Sight,
  all: z.boolean().meta({ description: 'True of the first one: these rows are all there are' }),
  rows: z.array(FleetRow).meta({ description: 'New, or other than before' }),
  gone: z.array(z.string()),
});
export type FleetChange = z.infer<typeof FleetChange>;

export const fleetContract = {
  fleet: oc
    .route({ method: 'GET', path: '/fleet', summary: 'All stores and how they stand, worst first' })
    .output(Fleet),
  fleetChanges: oc
    .route({ method: 'GET', path: '/fleet/changes', summary: 'The same live: all of them once, then what changes' })
    .output(eventIterator(FleetChange)),
  fleetStore: oc
    .route({ method: 'GET', path: '/fleet/stores/{store}', summary: 'How one store stands' })
    .input(z.object({ store: StoreId }))
    .output(FleetStore),
};
