// Answers the room of this PC: its state, pausing, whether it may be wiped, and the files that a person saves.
import { implement } from '@orpc/server';
import { assert } from '../../core/assert.ts';
import { pcContract } from '../../protocol/local/rooms/pc.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { diagnosticsName, makeDiagnostics } from '../this-pc/diagnostics.ts';
import { readPcState } from '../this-pc/pc-state.ts';
import { certificateName, makeCertificate, readWipe } from '../this-pc/safe-to-wipe.ts';
import type { ThisPc } from '../this-pc/this-pc.ts';
import type { WindowParts } from './parts.ts';

export function pcRoom(parts: WindowParts, takeSnapshot: () => Promise<Snapshot>) {
  const os = implement(pcContract);
  const { clock } = parts;
  const here = (): ThisPc => {
    assert(parts.pc !== undefined, 'the window is about a PC');
    return parts.pc;
  };
  return os.router({
    state: os.state.handler(async () => ({
      ...readPcState(here(), (await takeSnapshot()).notices),
      membership: parts.membership?.() ?? null,
      configuration: parts.configuration?.() ?? null,
    })),
    pause: os.pause.handler(({ input }) => here().line.pause(input)),
    resume: os.resume.handler(() => here().line.resume()),
    safeToWipe: os.safeToWipe.handler(() => {
      const { safe, reasons } = readWipe(here().folder);
      return { safe, reasons };
    }),
    certificate: os.certificate.handler(() => {
      const wipe = readWipe(here().folder);
      if (!wipe.safe) return null;
      const atMs = clock.wallMs();
      const text = JSON.stringify(makeCertificate(wipe, here().signer, atMs), null, 2);
      return { name: certificateName(wipe.store, atMs), base64: Buffer.from(text).toString('base64') };
    }),
    diagnostics: os.diagnostics.handler(async () => {
      const { folder, mirrorFolder } = here();
      const [live, nowMs] = [await takeSnapshot(), clock.wallMs()];
      const bytes = await makeDiagnostics({ folder, mirrorFolder, live, nowMs });
      return { name: diagnosticsName(live.store, nowMs), base64: Buffer.from(bytes).toString('base64') };
    }),
  });
}
