// The desktop program without Electron: background process, tray, window and messages joined.
import { PORT_ASKS } from '../../core/limits/desktop.ts';
import { hear } from '../../core/rate.ts';
import { AGENT_PORT, type AgentTrouble, isPortRequest } from '../../protocol/local/desktop-page.ts';
import { words } from '../../renderer/kit/words.ts';
import { openDeviceKey, type SecretBox } from './device-key.ts';
import type { KeptState } from './kept-state.ts';
import { type Announcement, announce, type Outside, outsideOf, type Situation } from './outside.ts';
import type { StartOptions } from './start-options.ts';
import { type SupervisorParts, supervise } from './supervisor.ts';

/** As main knows the window's page. */
export type Page<Port> = {
  send(channel: string, message: AgentTrouble): void;
  postMessage(channel: string, message: null, ports: Port[]): void;
};

export type ProgramParts<Port> = Pick<SupervisorParts<Port>, 'fork' | 'after' | 'monotonicMs'> & {
  begin: StartOptions['begin'];
  box: SecretBox;
  kept: KeptState;
  /** Both ends of a new channel. */
  channel(): { port1: Port; port2: Port };
  /** Another version was installed in place of this one. */
  isReplaced(): boolean;
  /** Ends this program and starts it again. */
  relaunch(): void;
  /** The window's page, while there is one. */
  page(): Page<Port> | undefined;
  tell(outside: Outside): void;
  notify(announcement: Announcement): void;
  log(line: string): void;
  logFile: string;
};

export type Program = {
  /** Our page asked for the agent, with these arguments; too many asks are not heard. */
  asked(args: unknown[]): void;
  /** The computer woke up or was unlocked. */
  woken(): void;
  /** Tills of this PC rely on this program: no service takes their sales. */
  runsAgent(): boolean;
  /** Ends the background process in order; asked again it is the same end. */
  stop(): Promise<void>;
  hasStopped(): boolean;
};

export function openProgram<Port>(parts: ProgramParts<Port>): Program {
  const { begin, kept, page, log } = parts;
  const { fork, after, monotonicMs = () => performance.now() } = parts;
  let situation: Situation = { standing: null, trouble: null, logFile: parts.logFile };
  let runsAgent = false;
  let hasAsked = false;
  let hasToldPlain = false;
  let asks: number[] = [];
  let stopping: Promise<void> | null = null;
  let hasStopped = false;

  const background = supervise<Port>({
    ...{ fork, after, monotonicMs },
    begin: () => ({ kind: 'begin', serviceOnly: kept.now().hadService, ...begin }),
    async deviceKey() {
      const { pem, kept: how } = await openDeviceKey(begin.folder, parts.box);
      if (how === 'plain' && !hasToldPlain) log(`${words.desktop.plainKey(begin.folder)}\n`);
      hasToldPlain = how === 'plain';
      return pem;
    },
    onReady(mode) {
      // An update starts the service anew, and leaves this program as it was.
      if (parts.isReplaced()) parts.relaunch();
      runsAgent = mode === 'own';
      if (mode === 'service') kept.change({ hadService: true });
      if (hasAsked) givePort();
    },
    onStanding: (standing) => tell({ standing }),
    onTrouble: (trouble) => tell({ trouble }),
  });

  function tell(news: Partial<Situation>): void {
    situation = { ...situation, ...news };
    parts.tell(outsideOf(situation));
    if ('trouble' in news) tellPage();
    const { told, messages } = announce(kept.now().told, situation, Date.now());
    kept.change({ told });
    for (const message of messages) parts.notify(message);
  }

  function tellPage(): void {
    page()?.send(AGENT_PORT, { kind: 'agent-trouble', sentence: outsideOf(situation).sentence });
  }

  /** One end to the page, the other to the background process: what they say does not pass here. */
  function givePort(): void {
    const { port1, port2 } = parts.channel();
    if (background.post({ kind: 'window' }, [port1])) page()?.postMessage(AGENT_PORT, null, [port2]);
    else tellPage();
  }

  tell({});
  return {
    asked(args) {
      const heard = isPortRequest(args) ? hear(asks, monotonicMs(), PORT_ASKS) : null;
      if (heard === null) return;
      asks = heard;
      hasAsked = true;
      givePort();
    },
    woken: () => void background.post({ kind: 'woken' }),
    runsAgent: () => runsAgent,
    stop() {
      stopping ??= background.stop().then(() => {
        hasStopped = true;
      });
      return stopping;
    },
    hasStopped: () => hasStopped,
  };
}
