// The desktop program without Electron: a fake background process, a page and a tray that remember what they were told.
import { join } from 'node:path';
import type { SecretBox } from '../../main/desktop-parts/device-key.ts';
import { openKeptState } from '../../main/desktop-parts/kept-state.ts';
import type { Announcement, Outside } from '../../main/desktop-parts/outside.ts';
import { openProgram, type Program } from '../../main/desktop-parts/program.ts';
import { startOptions } from '../../main/desktop-parts/start-options.ts';
import type { Mode, Standing } from '../../protocol/local/desktop.ts';
import { isAgentTrouble } from '../../protocol/local/desktop-page.ts';
import { temporaryFolder } from '../temporary.ts';
import { type FakePort, fakeFork, fakeTime } from './fake-child.ts';

export const LOG = '/var/log/tillwire.log';
export const STANDING: Standing = {
  sign: 'good',
  store: 'S001',
  sentence: 'All sent',
  questions: { store: 0, others: 0, newestMs: null },
  notices: [],
};
export const SAFE_BOX: SecretBox = {
  isSafe: async () => true,
  seal: async (text) => Buffer.from(text),
  open: async (sealed) => ({ text: Buffer.from(sealed).toString(), isOld: false }),
};

export function makeRig(words: string[] = [], box = SAFE_BOX) {
  const own = temporaryFolder();
  const time = fakeTime();
  const { fork, children, last } = fakeFork();
  const tray: Outside[] = [];
  const messages: Announcement[] = [];
  const toPage: { sentence?: string | null; port?: FakePort }[] = [];
  const logged: string[] = [];
  let ports = 0;
  const rig = {
    own,
    time,
    children,
    last,
    tray,
    messages,
    toPage,
    logged,
    hasPage: true,
    isReplaced: false,
    relaunched: 0,
    program: null as never as Program,
  };
  const open = (): void => {
    rig.program = openProgram<FakePort>({
      ...{ fork, box, begin: startOptions(words, own).begin, logFile: LOG },
      ...{ after: time.after, monotonicMs: time.monotonicMs },
      kept: openKeptState(join(own, 'desktop.json'), (error) => logged.push(String(error))),
      channel: () => ({ port1: { name: `main ${++ports}` }, port2: { name: `page ${ports}` } }),
      isReplaced: () => rig.isReplaced,
      relaunch() {
        rig.relaunched++;
      },
      page: () =>
        rig.hasPage
          ? {
              send: (_channel, told) => isAgentTrouble(told) && toPage.push({ sentence: told.sentence }),
              postMessage: (_channel, _null, [port]) => toPage.push(port === undefined ? {} : { port }),
            }
          : undefined,
      tell: (outside) => tray.push(outside),
      notify: (message) => messages.push(message),
      log: (line) => logged.push(line),
    });
  };
  open();
  return Object.assign(rig, {
    open,
    /** The agent is there, and tells how the store stands. */
    ready(mode: Mode = 'service', standing: Partial<Standing> = {}) {
      last().say({ kind: 'ready', mode });
      last().say({ kind: 'standing', standing: { ...STANDING, ...standing } });
    },
    standing: (standing: Partial<Standing>) => last().say({ kind: 'standing', standing: { ...STANDING, ...standing } }),
    portsGiven: () => toPage.flatMap(({ port }) => (port === undefined ? [] : [port.name])),
    sentence: () => toPage.findLast(({ port }) => port === undefined)?.sentence,
    shown: () => tray.at(-1),
    titles: () => messages.map(({ title }) => title),
    crash(times: number) {
      for (let time = 0; time < times; time++) {
        last().end();
        rig.time.pass(30_000);
      }
    },
  });
}
