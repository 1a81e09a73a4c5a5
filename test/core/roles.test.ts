// Roles: who may do what, and that a token never allows more than its account.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, allowedTo, mayDo, ROLES, rolesThatMay } from '../../core/roles.ts';

const whole = { actions: null, stores: null };

describe('each role', () => {
  test.each([
    ['viewer', ['read']],
    ['inventory', ['read', 'decide', 'close-period']],
    ['operator', ['read', 'release', 'enrol', 'command', 'configure', 'audit']],
    ['approver', ['read', 'approve', 'audit']],
    ['admin', [...ACTIONS]],
  ] as const)('%s may do what it is for, and nothing else', (role, actions) => {
    expect(allowedTo([role])).toEqual(actions);
    for (const action of ACTIONS) {
      expect(mayDo({ roles: [role], ...whole }, action, 'S001')).toBe((actions as readonly string[]).includes(action));
      expect(rolesThatMay(action).includes(role)).toBe((actions as readonly string[]).includes(action));
    }
  });
});

test('a token is never more than its account, and no more than what it was narrowed to', () => {
  const roles = fc.subarray([...ROLES]);
  const actions = fc.option(fc.subarray([...ACTIONS]), { nil: null });
  const stores = fc.option(fc.subarray(['S001', 'S002', 'S003']), { nil: null });
  const about = fc.constantFrom('S001', 'S002', 'S009', null);
  fc.assert(
    fc.property(roles, actions, stores, fc.constantFrom(...ACTIONS), about, (own, only, of, action, store) => {
      const may = mayDo({ roles: own, actions: only, stores: of }, action, store);
      const asAccount = mayDo({ roles: own, ...whole }, action, store);
      expect(may).toBe(
        asAccount && (only?.includes(action) ?? true) && (of === null || (store !== null && of.includes(store))),
      );
    }),
  );
});
