// Why another program could not be reached, in words for people; never with the user name and password of its URL.
import { QUOTED_LENGTH_MAX } from '../core/limits.ts';

const BY_CODE: Record<string, string> = {
  ECONNREFUSED: 'Nothing answers there: is it running, and is the port right?',
  ENOTFOUND: 'This name is not known: is there a network, and is the name right?',
  EAI_AGAIN: 'Names cannot be looked up: is there a network?',
  ENETUNREACH: 'There is no network.',
  EHOSTUNREACH: 'There is no way to that computer: is there a network?',
  ETIMEDOUT: 'No answer in time.',
  ECONNABORTED: 'No answer in time.',
  ECONNRESET: 'The line was cut.',
  EPIPE: 'The line was cut.',
  CERT_NOT_YET_VALID: "Its certificate is not valid yet: is this computer's clock right?",
  CERT_HAS_EXPIRED: "Its certificate has expired, or this computer's clock is wrong.",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is not signed by an authority that this computer trusts.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is not signed by an authority that this computer trusts.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is not signed by an authority that this computer trusts.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is not signed by an authority that this computer trusts.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is made out for another name.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'It does not speak TLS on this port.',
};

/** What a broker answers that does not take this side: MQTT's "bad user name or password", "not authorized", or TLS. */
const REFUSALS = [4, 5];
const TLS_REFUSAL = /_ALERT_\w*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

/** The broker is there and does not take this side's certificate, user name or password. */
export const isLoginRefused = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (REFUSALS.some((code) => code === error.code) || TLS_REFUSAL.test(String(error.code)));

/** `where` is host and port. */
export const linkReason = (where: string, error: unknown): string =>
  `Broker ${where}: ${networkReason(error)}`.slice(0, QUOTED_LENGTH_MAX);

export function networkReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error && error.message !== '' ? error.message : code || String(error);
  return BY_CODE[code] ?? said;
}
