// Every refusal of the capture API in one table: what it tells the integrator.
import {
  CAPTURE_ERROR_STATUS,
  type CaptureError,
  type CaptureErrorCode,
  type Issue,
} from '../protocol/local/capture.ts';
import type { KeptOutput } from '../protocol/local/transaction.ts';

export const CAPTURE_ERRORS: Record<CaptureErrorCode, string> = {
  'bad-json': 'The body is not valid JSON. Nothing was kept.',
  'unsafe-json':
    'The body is JSON that two programs could read differently. Nothing was kept: mend the field named here.',
  'bad-body': 'The body does not follow the contract. Nothing was kept: mend the fields named here and send it again.',
  'bad-key': 'The header Idempotency-Key is missing or not usable. Send a name of your own for this fact.',
  'card-number':
    'A field that is kept word for word holds a card number. Nothing was kept: send it without the card number.',
  'bad-mapping': 'The mapping is not usable: mend the fields named here.',
  'no-token': 'Send the header "Authorization: Bearer <token>" with the token of this agent.',
  'bad-signature': 'The signature is missing or is not that of this body. Nothing was kept.',
  'wrong-host':
    'Call the agent by an address of its own with its port: 127.0.0.1 or localhost on its PC, else a name or address in its certificate.',
  'wrong-origin': 'Pages of other sites may not call the agent.',
  'not-for-tills': 'The token of a till opens what takes documents, nothing else.',
  'wrong-workstation':
    'The token that was shown belongs to another workstation. Nothing was kept: send it with the token of its own till.',
  'wrong-method': 'This address takes another method: see the header Allow.',
  'no-such-document':
    'There is no such movement or count of this store on this PC, so nothing was taken back. Check its number.',
  'no-webhook': 'This PC takes no webhooks of this vendor: create its file in webhooks/ of the data folder first.',
  'too-slow': 'The body did not arrive in time. Nothing was kept: send it again.',
  'key-used': 'This Idempotency-Key was used for another document. Nothing was changed.',
  'number-used':
    'Another document with this number is kept already. It stays as it is; yours was set aside for a person to look at.',
  'taken-back': 'This document was taken back before. Nothing was changed.',
  'bad-webhook': 'The file of this vendor in webhooks/ of the data folder cannot be used: mend it.',
  'body-too-large': 'The body is too large. Nothing was kept: split what you send, one receipt in each request.',
  'fact-too-large': 'The document is larger than one entry may be. Nothing was kept.',
  'not-json': 'Send the body as "Content-Type: application/json", not compressed, in UTF-8.',
  'bad-file': 'The file cannot be read. Nothing was kept.',
  'too-many':
    'Too many requests in a short time. Nothing was kept: wait as long as Retry-After says and send it again.',
  unknown: 'It is not known whether this was kept. Send the same body with the same key again.',
  busy: 'Too much is waiting to be written. Send the same body with the same key again after a moment.',
  'disk-full': 'The disk of this PC is nearly full: nothing new is kept until there is space. Call your IT service.',
};

export type ErrorDetails = {
  message?: string | undefined;
  issues?: Issue[] | undefined;
  position?: number | undefined;
  kept?: KeptOutput | undefined;
};

/** What goes to the client: fields that are undefined are left out by JSON. */
export const captureError = (code: CaptureErrorCode, details: ErrorDetails = {}): CaptureError => ({
  error: { code, ...details, message: details.message ?? CAPTURE_ERRORS[code] },
});

export const statusOf = (code: CaptureErrorCode): number => CAPTURE_ERROR_STATUS[code];
