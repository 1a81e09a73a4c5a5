// The bounds of a computer that joins its store and keeps what it was given fresh (L11).

const SECOND_MS = 1_000;

/** Bytes of one answer of central to a device, other than a file that is downloaded. */
export const DEVICE_ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** How long a device waits for an answer of central. */
export const DEVICE_ANSWER_WAIT_MS = 30 * SECOND_MS;
/** Bytes of a file with authorities, and of what is kept at enrolment. */
export const AUTHORITY_BYTES_MAX = 512 * 1024;
export const CREDENTIALS_BYTES_MAX = 512 * 1024;
/** Bytes of an enrolment file: it may name thousands of computers. */
export const ENROLMENT_FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Times that a person's command to enrol asks a central that does not answer, and the wait before each next one. */
export const ENROL_TRIES_MAX = 4;
export const ENROL_WAIT_MS = SECOND_MS;

/** Waits before renewing again after a failure: from the one, doubling, to the other. */
export const RENEW_WAIT_MS_MIN = 5 * SECOND_MS;
export const RENEW_WAIT_MS_MAX = 3_600 * SECOND_MS;
/** How often it is looked whether it is time: a computer that slept must notice. */
export const RENEW_LOOK_MS = 60 * SECOND_MS;
/** A login that was refused is renewed at once, but not more often than so. */
export const REFUSED_RENEW_MS = 20 * SECOND_MS;

/** How often the agent looks whether it is to be moved, and the command how far it is. */
export const MOVE_LOOK_MS = SECOND_MS;
/** Bytes of the file that says that a computer is being moved out. */
export const MOVE_BYTES_MAX = 64 * 1024;
