// A store with a configuration: people with keys, head office's message, and all that the store sees turned by hand.
import type { Source } from '../../../core/configuration/layers.ts';
import type { ProgramCourse } from '../../../core/configuration/standing.ts';
import { type ConfigurationKeeper, openConfiguration } from '../../../main/configuration/keeper.ts';
import { paceOf } from '../../../main/configuration/pace.ts';
import type { ConfigurationMessage } from '../../../protocol/configuration/revision.ts';
import { signWithdrawal } from '../../../protocol/configuration/statements.ts';
import type { Signer } from '../../../protocol/wire/signing.ts';
import {
  NOW,
  offerOf,
  type People,
  person,
  type Said,
  signedTrust,
  sourceOf,
  trustText,
} from '../../core/configuration/keys.ts';

export const PEOPLE: People = { root: [person()], signer: [person()], approver: [person()] };
export const BOTH = [...PEOPLE.signer, ...PEOPLE.approver];
export const CENTRAL = person();
export const trustSaid = (said: Partial<Said> = {}) =>
  signedTrust(trustText({ version: 1, people: PEOPLE, ...said }), PEOPLE.root);

type Over = { by?: readonly Signer[]; changes?: Partial<Source>; for?: string } & Partial<ConfigurationMessage>;

/** What the broker holds for S001: this revision, signed by both unless told. */
export function messageOf(
  revision: number,
  { by = BOTH, changes = {}, for: whose = 'S001', ...over }: Over = {},
): ConfigurationMessage {
  const { signed, document, proof } = offerOf(sourceOf(revision, changes), whose, by);
  const shown = { signed: { ...signed, signatures: [...signed.signatures] }, document, proof: [...proof], times: null };
  const trusts = [trustSaid()].map(({ trust, signatures }) => ({ trust, signatures: [...signatures] }));
  return { v: 1, store: 'S001', trusts, revision: shown, withdrawals: [], at: NOW, ...over };
}

export const withdrawalOf = (revision: number, by: Signer = CENTRAL) =>
  signWithdrawal({ revision, reason: 'Too many stores went back.', atMs: NOW }, by);

/** Its clocks stand still until they are moved. */
export function storeIn(folder: string) {
  const settings = new Map([['central-key', CENTRAL.publicKey]]);
  const store = {
    wallMs: NOW,
    monotonicMs: 0,
    centralMs: null as number | null,
    isLineUp: true,
    /** How often somebody looked whether it is. */
    looks: 0,
    counts: { captured: 0, setAside: 0 },
    back: null as { version: string; atMs: number } | null,
    /** Of the version that the configuration lets come. */
    course: 'there' as ProgramCourse['state'],
    capturesUnder: [] as number[],
    settings,
    told: 0,
    /** On both clocks. */
    pass(ms: number): void {
      store.wallMs += ms;
      store.monotonicMs += ms;
    },
    open: (): Promise<ConfigurationKeeper> =>
      openConfiguration({
        ...{ folder, store: 'S001', log: SILENT, pace: { ...paceOf(60_000), pulseMs: 5, rejudgeMs: 1 } },
        clock: { wallMs: () => store.wallMs, monotonicMs: () => store.monotonicMs },
        storage: {
          readSetting: async (name) => settings.get(name) ?? null,
          writeSetting: async (name, value) => void settings.set(name, value),
          captureUnder: async (revision) => void store.capturesUnder.push(revision),
          cameIn: async () => ({ ...store.counts }),
        },
        centralMs: () => store.centralMs,
        isLineUp() {
          store.looks += 1;
          return store.isLineUp;
        },
        program: { putBack: () => store.back, courseTo: () => store.course },
        onStanding() {
          store.told += 1;
        },
      }),
  };
  return store;
}

const SILENT = { fatal: () => {}, info: () => {}, warn: () => {}, error: () => {} };
