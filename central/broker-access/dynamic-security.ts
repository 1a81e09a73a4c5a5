// Lets stores in at Mosquitto by its dynamic security plugin, over its control topic, as a client that may administer it.
import { type ControlOptions, openControlLine } from './control-line.ts';
import {
  type Answer,
  ClientNames,
  createRole,
  DefaultAccess,
  lackingIn,
  letIn,
  Roles,
} from './dynamic-security-commands.ts';
import type { BrokerAccess } from './port.ts';

const HAS_ALREADY = /already exists/;
const HAS_NOT = /not found/;
/** With all that each allows, well below what fits one message. */
const ROLES_AT_ONCE = 500;

export function openDynamicSecurity(options: ControlOptions): BrokerAccess {
  const { ask, connections, stop } = openControlLine(options);
  let denyingAt = 0;
  let newestAt = 0;

  /** A broker that grants what nobody forbade would make roles worth nothing: then nobody is let in (S13). */
  const mustDeny = async (): Promise<void> => {
    const at = connections();
    if (at > 0 && at === denyingAt) return;
    const [answer] = expectDone(await ask({ command: 'getDefaultACLAccess' }));
    const open = DefaultAccess.parse(answer?.data).acls.filter(
      ({ acltype, allow }) => allow && /^(publish|sub)/.test(acltype),
    );
    if (open.length > 0) {
      const names = open.map(({ acltype }) => acltype).join(', ');
      throw new Error(
        `The broker allows by default: ${names}. Set them to deny (mosquitto_ctrl dynsec setDefaultACLAccess).`,
      );
    }
    denyingAt = at;
  };

  return {
    async admit(device, password) {
      await mustDeny();
      const [role, client] = await ask(createRole(device.store), letIn('createClient', device, password));
      expectDone([role, client], HAS_ALREADY);
      if (client?.error !== undefined) expectDone(await ask(letIn('modifyClient', device, password)));
    },
    async withdraw(username) {
      expectDone(await ask({ command: 'deleteClient', username }), HAS_NOT);
    },
    async admitted() {
      const [answer] = expectDone(await ask({ command: 'listClients', verbose: false, count: -1, offset: 0 }));
      return ClientNames.parse(answer?.data).clients;
    },
    /** Once for each connection: behind it may be another broker. Whoever has a role that changed dials again. */
    async bringUpToDate() {
      const at = connections();
      if (at > 0 && at === newestAt) return;
      for (let offset = 0; ; offset += ROLES_AT_ONCE) {
        const page = { command: 'listRoles', verbose: true, count: ROLES_AT_ONCE, offset } as const;
        const [answer] = expectDone(await ask(page));
        const { roles } = Roles.parse(answer?.data);
        for (const role of roles) {
          const lacking = lackingIn(role);
          if (lacking.length > 0) expectDone(await ask(...lacking), HAS_ALREADY);
        }
        if (roles.length < ROLES_AT_ONCE) break;
      }
      newestAt = at;
    },
    stop,
  };
}

/** Throws the first thing that went wrong, other than what is harmless here. */
function expectDone(answers: (Answer | undefined)[], harmless?: RegExp): Answer[] {
  return answers.map((answer) => {
    if (answer === undefined) throw new Error('The broker answered less than it was asked.');
    if (answer.error !== undefined && harmless?.test(answer.error) !== true) {
      throw new Error(`The broker refused ${answer.command}: ${answer.error}`);
    }
    return answer;
  });
}
