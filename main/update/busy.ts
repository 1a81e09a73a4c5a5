// Whether a till or an import is being answered at this moment: nothing is installed meanwhile.
import type { IncomingMessage, ServerResponse } from 'node:http';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function countRequests(handler: Handler): { handle: Handler; isBusy(): boolean } {
  let open = 0;
  return {
    async handle(request, response) {
      open++;
      try {
        return await handler(request, response);
      } finally {
        open--;
      }
    },
    isBusy: () => open > 0,
  };
}
