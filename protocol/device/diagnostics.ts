// A diagnostics bundle that head office asked for, on its way there.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { DIAGNOSTICS_BYTES_MAX } from '../../core/limits/commands.ts';
import { CommandId } from '../wire/order-frames.ts';

export const diagnosticsContract = {
  sendDiagnostics: oc
    .route({ method: 'POST', path: '/device/diagnostics/{id}', summary: 'The bundle that a command asked for' })
    .input(
      z.strictObject({
        id: CommandId,
        base64: z.base64().max(Math.ceil((DIAGNOSTICS_BYTES_MAX * 4) / 3) + 4),
      }),
    )
    .output(z.strictObject({ bytes: z.int() })),
};
