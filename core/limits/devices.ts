// The bounds of devices, their certificates and their way in at central (L11); all others are in core/limits.ts.

const KIB = 1_024;
const MINUTE_MS = 60_000;

/** Days that a device's certificate lives (S14), and how far it is backdated for clocks that are behind. */
export const DEVICE_CERTIFICATE_DAYS = 90;
export const DEVICE_CERTIFICATE_BACKDATED_MS = 2 * 24 * 60 * MINUTE_MS;
/** Years that the authority lives which signs them: longer than any computer that trusts it. */
export const DEVICE_AUTHORITY_YEARS = 30;
/** Days that an enrolment token lives. */
export const ENROLMENT_DAYS_USUAL = 7;
export const ENROLMENT_DAYS_MAX = 90;
/** Stores that one enrolment file is for. */
export const ENROLMENT_STORES_MAX = 10_000;
/** Bytes of the request that names them. */
export const ENROLMENT_FILE_BYTES_MAX = 2_048 * KIB;
/** Devices that are listed at once, newest first: all of the largest chain, with those that were replaced. */
export const DEVICES_LISTED_MAX = 20_000;
/** Characters of the name that a computer has in its network. */
export const COMPUTER_NAME_LENGTH_MAX = 255;
/** How far the time in a signed request may be from central's: within it no request is heard twice. */
export const REQUEST_CLOCK_MS = 10 * MINUTE_MS;
/** Bytes of a device's request, where its route has no bound of its own. */
export const DEVICE_BODY_BYTES_MAX = 256 * KIB;
/** Requests of one device, and those of one address that were refused, before it has to wait. */
export const DEVICE_REQUESTS_MAX = 1_200;
export const DEVICE_REQUESTS_SECONDS = 60;
export const REFUSED_REQUESTS_MAX = 60;
export const REFUSED_REQUESTS_SECONDS = 300;
/** How often the broker is asked whom it lets in, and how soon again after it could not be asked. */
export const ACCESS_LOOK_MS = 5 * MINUTE_MS;
export const ACCESS_RETRY_MS = 2_000;
/** Connections that each of central's doors holds open: those of a whole chain that comes back at once, and no more. */
export const DOOR_CONNECTIONS_MAX = 10_000;
