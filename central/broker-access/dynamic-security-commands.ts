// What is said to Mosquitto's dynamic security plugin, and what it answers (control topic, version 1).
import { z } from 'zod';
import { StoreId } from '../../protocol/fact.ts';
import type { Admitted } from './port.ts';
import { centralRights, type Rights, storeRights } from './rights.ts';

export const CONTROL_TOPIC = '$CONTROL/dynamic-security/v1';
export const ANSWER_TOPIC = `${CONTROL_TOPIC}/response`;

type Acl = { acltype: string; topic: string; allow: boolean };
export type Role = { rolename: string; acls: Acl[] };
type RoleName = { rolename: string };

export type Command =
  | ({ command: 'createRole' } & Role)
  | {
      command: 'createClient' | 'modifyClient';
      username: string;
      password: string;
      clientid: string;
      roles: RoleName[];
    }
  | { command: 'deleteClient'; username: string }
  | { command: 'listClients'; verbose: false; count: number; offset: number }
  | { command: 'listRoles'; verbose: true; count: number; offset: number }
  | ({ command: 'addRoleACL'; rolename: string } & Acl)
  | { command: 'getDefaultACLAccess' };

const Answer = z.object({
  command: z.string(),
  correlationData: z.string().optional(),
  error: z.string().optional(),
  data: z.unknown().optional(),
});
export type Answer = z.infer<typeof Answer>;
export const Answers = z.object({ responses: z.array(Answer) });

export const ClientNames = z.object({ clients: z.array(z.string()) });
const KnownAcl = z.object({ acltype: z.string(), topic: z.string(), allow: z.boolean() });
export const Roles = z.object({ roles: z.array(z.object({ rolename: z.string(), acls: z.array(KnownAcl) })) });
export const DefaultAccess = z.object({ acls: z.array(z.object({ acltype: z.string(), allow: z.boolean() })) });

/** Kept when its computer goes: the next one of the store has it. Its name changes when the topics do. */
const ROLE_PREFIX = 'tillwire-1-';
const CENTRAL = 'central';
const CENTRAL_ROLE = `${ROLE_PREFIX}${CENTRAL}`;
/** A store may be called so: it must not get central's role. No store's name has a dot. */
const NAMED_CENTRAL = `.${CENTRAL}`;
const roleOf = (store: string): string => `${ROLE_PREFIX}${store === CENTRAL ? NAMED_CENTRAL : store}`;

const acls = ({ publish, subscribe }: Rights, how: 'subscribeLiteral' | 'subscribePattern'): Acl[] => [
  ...publish.map((topic) => ({ acltype: 'publishClientSend', topic, allow: true })),
  ...subscribe.map((topic) => ({ acltype: how, topic, allow: true })),
  ...subscribe.map((topic) => ({ acltype: 'publishClientReceive', topic, allow: true })),
];

export const createRole = (store: string): Command => ({
  command: 'createRole',
  rolename: roleOf(store),
  acls: storeAcls(store),
});

const storeAcls = (store: string): Acl[] => acls(storeRights(store), 'subscribeLiteral');
const centralAcls = (): Acl[] =>
  acls(
    {
      publish: [...centralRights.publish, CONTROL_TOPIC],
      subscribe: [...centralRights.subscribe, ANSWER_TOPIC],
    },
    'subscribePattern',
  );

/** What a role of ours lacks of what it is to allow; nothing of a role of others. What is denied on purpose stays. */
export function lackingIn({ rolename, acls: known }: Role): Command[] {
  const name = rolename.startsWith(ROLE_PREFIX) ? rolename.slice(ROLE_PREFIX.length) : '';
  const store = StoreId.safeParse(name === NAMED_CENTRAL ? CENTRAL : name).data;
  const wanted = rolename === CENTRAL_ROLE ? centralAcls() : store === undefined ? [] : storeAcls(store);
  return wanted
    .filter((acl) => !known.some(({ acltype, topic }) => acltype === acl.acltype && topic === acl.topic))
    .map((acl) => ({ command: 'addRoleACL', rolename, ...acl }));
}

/** Bound to its client id: with that user name no other computer can be thrown off the line (F55). */
export const letIn = (
  command: 'createClient' | 'modifyClient',
  { store, username, clientId }: Admitted,
  password: string,
): Command => ({ command, username, password, clientid: clientId, roles: [{ rolename: roleOf(store) }] });

export type HashedPassword = { password: string; salt: string; iterations: number };

/** What a new broker knows before anybody asked it anything: central, and that everybody else is refused (S13). */
export const firstConfiguration = (username: string, hashed: HashedPassword) => ({
  clients: [{ username, textName: 'Tillwire central', ...hashed, roles: [{ rolename: CENTRAL_ROLE }] }],
  roles: [
    {
      rolename: CENTRAL_ROLE,
      acls: centralAcls(),
    },
  ],
  defaultACLAccess: {
    publishClientSend: false,
    publishClientReceive: false,
    subscribe: false,
    unsubscribe: true,
  },
});
