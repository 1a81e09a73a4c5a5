// The room of this PC of a scripted agent: a store that can be paused, and whose wiping is up to the script.
import { implement } from '@orpc/server';
import type { PcState, WipeAnswer } from '../../protocol/local/rooms/pc.ts';
import { pcContract } from '../../protocol/local/rooms/pc.ts';
import type { Script } from './scripted-agent.ts';

export type PcScript = { pc?: Partial<PcState> | undefined; wipe?: WipeAnswer | undefined };

export const pcState = (nowMs: number): PcState => ({
  versions: { program: '0.5.0', journal: 8, node: '26.10.0', system: 'Windows_NT 10.0.26100 (x64)' },
  settings: { digest: '4f1c0a9b27de', changedMs: nowMs - 9 * 86_400_000 },
  folder: 'C:\\ProgramData\\Tillwire\\data',
  account: 'LOCAL SERVICE',
  secondCopy: { folder: 'D:\\Tillwire copy', healthy: true, sinceMs: null, sameDisk: false },
  keptBytes: 412_000_000,
  door: null,
  membership: {
    ...{ device: 'd0123456789ab', standing: 'active', sentence: null, sinceMs: null },
    certificateEndsMs: nowMs + 60 * 86_400_000,
  },
  configuration: {
    ...{
      applied: 13,
      desired: 14,
      state: 'put-back',
      message: 'Revision 14 was tried and put back: 9 of 40 documents.',
    },
    ...{ since: nowMs - 3 * 3_600_000, isExpired: false, trust: 1, captured: 40, setAside: 9 },
  },
  startedMs: nowMs - 7 * 3_600_000,
});

export function scriptedPc(script: Script, tell: () => void, count: (name: string) => void) {
  const os = implement(pcContract);
  const wipe = (): WipeAnswer => script.wipe ?? { safe: script.state.waiting === 0, reasons: waiting() };
  const waiting = (): WipeAnswer['reasons'] =>
    script.state.waiting === 0 ? [] : [{ code: 'waiting', count: script.state.waiting }];
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return os.router({
    state: os.state.handler(() => {
      count('pc');
      return { ...pcState(script.state.nowMs), ...script.pc };
    }),
    pause: os.pause.handler(({ input }) => {
      const sinceMs = Date.now();
      script.state = { ...script.state, line: 'paused', lineSinceMs: sinceMs, pause: { ...input, sinceMs } };
      tell();
    }),
    resume: os.resume.handler(() => {
      script.state = { ...script.state, line: 'online', lineSinceMs: Date.now(), pause: null };
      tell();
    }),
    safeToWipe: os.safeToWipe.handler(wipe),
    certificate: os.certificate.handler(() =>
      wipe().safe ? { name: 'tillwire-safe-to-wipe-S001.json', base64: base64('{"store":"S001"}') } : null,
    ),
    diagnostics: os.diagnostics.handler(() => ({ name: 'tillwire-diagnostics-S001.zip', base64: base64('PK') })),
  });
}
