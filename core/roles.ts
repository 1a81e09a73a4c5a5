// Who may do what at head office: actions, the roles that allow them, and tokens that allow less.

/** What a request at central asks for. */
export const ACTIONS = [
  'read',
  'decide',
  'release',
  'close-period',
  'enrol',
  'command',
  'configure',
  'approve',
  'audit',
  'accounts',
] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * viewer looks. inventory decides about stock. operator is central IT: stores, their PCs, what was refused. approver is
 * the second pair of eyes. admin also says who may do what.
 */
export const ROLES = ['viewer', 'inventory', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const ALLOWED: Record<Role, readonly Action[]> = {
  viewer: ['read'],
  inventory: ['read', 'decide', 'close-period'],
  operator: ['read', 'release', 'enrol', 'command', 'configure', 'audit'],
  approver: ['read', 'approve', 'audit'],
  admin: ACTIONS,
};

export type Authority = {
  roles: readonly Role[];
  /** Of a token: no more than these, whatever the roles; null for all. */
  actions: readonly Action[] | null;
  /** Of a token: these stores only; null for all. */
  stores: readonly string[] | null;
};

export const allowedTo = (roles: readonly Role[]): Action[] =>
  ACTIONS.filter((action) => roles.some((role) => ALLOWED[role].includes(action)));

/** `store`: the one that it is about; null where it is about none, or about all of them. */
export function mayDo({ roles, actions, stores }: Authority, action: Action, store: string | null): boolean {
  if (!allowedTo(roles).includes(action)) return false;
  if (actions !== null && !actions.includes(action)) return false;
  // What is about no store in particular shows, or changes, all of them.
  return stores === null || (store !== null && stores.includes(store));
}

/** Those who could be asked instead. */
export const rolesThatMay = (action: Action): Role[] => ROLES.filter((role) => ALLOWED[role].includes(action));
