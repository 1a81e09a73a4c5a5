// Lets a request in to central's API or not: exact Host and own Origin, method and form, and who asks for what (S3, F57).
import type { IncomingMessage } from 'node:http';
import type { Action } from '../core/roles.ts';
import { hqContract } from '../protocol/hq/contract.ts';
import { type Keeper, type Who, whyNot } from './accounts/who.ts';

export const PREFIX = '/v1';

/** By which door a request came in. `isLocal`: of this machine, where without accounts everybody is its operator. */
export type Door = { scheme: 'http:' | 'https:'; hosts: readonly string[]; isLocal: boolean };

/** Whoever is let in; or the status and the sentence of a refusal. */
export type Admission = { who: Who } | { status: number; message: string };

type RouteName = keyof typeof hqContract;

/** What each route asks for; "anybody" has no token yet. A route that is new does not compile without it. */
const ASKS: Record<RouteName, Action | readonly Action[] | 'anybody' | 'anyone-known'> = {
  status: 'read',
  stores: 'read',
  stock: 'read',
  ledger: 'read',
  receipt: 'read',
  entries: 'read',
  directives: 'read',
  explain: 'read',
  deadLetters: 'read',
  cut: 'read',
  cutShelves: 'read',
  exceptions: 'read',
  claims: 'read',
  transfers: 'read',
  conservation: 'read',
  // Which of them it is stands in the body: looked at again when that is read.
  decide: ['decide', 'release', 'close-period'],
  closePeriod: 'close-period',
  closeClaims: 'decide',
  whoami: 'anyone-known',
  signIn: 'anybody',
  accounts: 'accounts',
  addAccount: 'accounts',
  changeAccount: 'accounts',
  tokens: 'accounts',
  issueToken: 'accounts',
  revokeToken: 'accounts',
  audit: 'audit',
  // Their store stands in the body: the routes look at it.
  issueEnrolment: 'anyone-known',
  revokeDevice: 'anyone-known',
  issueEnrolmentFile: 'enrol',
  cancelEnrolment: 'enrol',
  devices: 'read',
  // Its stores stand in the body, that of one command in the book: the routes look at them.
  issueCommand: 'anyone-known',
  commands: 'read',
  command: 'anyone-known',
  commandDiagnostics: 'anyone-known',
  catalogueProducts: 'read',
  catalogueImport: 'decide',
  catalogueEdit: 'decide',
  catalogueOwners: 'read',
  catalogueOwner: 'decide',
  catalogueProposals: 'read',
  catalogueAnswer: 'decide',
  fleet: 'read',
  fleetChanges: 'read',
  fleetStore: 'read',
  addTrust: 'configure',
  trusts: 'read',
  configurationRevisions: 'read',
  configurationRevision: 'read',
  configurationEffective: 'read',
  configurationStores: 'read',
  publishConfiguration: 'configure',
  rollouts: 'read',
  rollout: 'read',
  approveRollout: 'approve',
  pauseRollout: 'configure',
  resumeRollout: 'configure',
  abortRollout: 'configure',
  startTry: 'configure',
  tries: 'read',
  try: 'read',
};

/** Routes that ask of one store where "store" stands in their query; in that of any other it means nothing. */
const QUERIED: readonly RouteName[] = [
  'stock',
  'ledger',
  'deadLetters',
  'exceptions',
  'claims',
  'transfers',
  'conservation',
  'devices',
  'commands',
  'configurationEffective',
];

const ROUTES = Object.entries(hqContract).map(([name, procedure]) => {
  const { method = 'POST', path = '' } = procedure['~orpc'].route;
  const pattern = `^${PREFIX}${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`;
  const isQueried = QUERIED.includes(name as RouteName);
  return { asks: ASKS[name as RouteName], isQueried, method, pattern: new RegExp(pattern) };
});

const NOBODY: Who = { name: 'nobody', token: null, roles: [], actions: [], stores: [] };
const SIGN_IN =
  'Sign in: send "Authorization: Bearer TOKEN". The command line takes it from --token-file or TILLWIRE_TOKEN.';

/** A sentence for a page of another site, which must not read the ledger through a browser; null for all others. */
export function strangerOf(
  { headers: { host = '', origin } }: IncomingMessage,
  { hosts, scheme }: Door,
): string | null {
  if (!hosts.includes(host)) return `This is ${hosts[0]}, not "${host}".`;
  const isOwn = origin === undefined || hosts.some((own) => origin === `${scheme}//${own}`);
  return isOwn ? null : 'Pages of other origins may not ask here.';
}

/** Of a request that is no stranger's. */
export async function admit(request: IncomingMessage, door: Door, keeper: Keeper): Promise<Admission> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://central');
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const route = ROUTES.find((each) => each.method === method && each.pattern.test(pathname));
  if (route === undefined && method !== 'GET') {
    return { status: 405, message: 'Only GET here: the ledger is changed by facts and decisions alone.' };
  }
  if (method === 'POST' && request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json') {
    return { status: 415, message: 'content-type: send application/json.' };
  }
  if (route?.asks === 'anybody') return { who: NOBODY };
  const who = await keeper.whoIs(request.headers.authorization, door.isLocal);
  const asks = route?.asks ?? 'anyone-known';
  const asked = { subject: pathname, detail: method };
  if (who === null) {
    await keeper.refused(null, { action: firstOf(asks), ...asked });
    return { status: 401, message: SIGN_IN };
  }
  if (asks === 'anyone-known') return { who };
  const queried = route?.isQueried === true ? searchParams.get('store') : null;
  const store = route?.pattern.exec(pathname)?.groups?.['store'] ?? queried;
  const actions = typeof asks === 'string' ? [asks] : asks;
  const refusals = actions.map((action) => whyNot(who, action, store));
  if (refusals.includes(null)) return { who };
  await keeper.refused(who, { action: firstOf(asks), ...asked });
  return { status: 403, message: refusals[0] ?? '' };
}

const firstOf = (asks: Action | readonly Action[] | 'anyone-known'): Action =>
  asks === 'anyone-known' ? 'read' : typeof asks === 'string' ? asks : (asks[0] ?? 'read');
