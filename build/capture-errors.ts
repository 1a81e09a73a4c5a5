// The catalogue of what the capture API refuses: for whoever writes the till's side.
import { curlExample } from '../capture/curl-examples.ts';
import { CAPTURE_ERRORS } from '../capture/errors.ts';
import { WAYS_IN } from '../capture/ways.ts';
import { CAPTURE_ERROR_STATUS, type CaptureErrorCode } from '../protocol/local/capture.ts';

/** What the till does next with this document. */
type Next = 'send the same again' | 'mend it, then send it' | 'keep it for a person' | 'nothing: it is done';

const ADVICE: Record<CaptureErrorCode, [next: Next, advice: string]> = {
  'bad-json': ['mend it, then send it', 'A mistake in the till’s program: `position` tells behind which character.'],
  'unsafe-json': [
    'mend it, then send it',
    'Write each field once and large or fractional figures as text. `issues` names the field and `position` its place.',
  ],
  'bad-body': [
    'mend it, then send it',
    '`issues` lists each field with what is wrong and the fix. The same body is refused again.',
  ],
  'bad-key': ['mend it, then send it', 'Send `Idempotency-Key`, 1 to 128 printable ASCII characters without spaces.'],
  'card-number': [
    'mend it, then send it',
    'A receipt number, SKU or customer reference is a card number. In free text it would be painted over instead.',
  ],
  'bad-mapping': ['mend it, then send it', 'For imports only: mend the mapping or the settings of the feed.'],
  'no-token': [
    'keep it for a person',
    'The token is missing, wrong or revoked. `tillwire till list` shows which are valid, `till add` makes one.',
  ],
  'bad-signature': [
    'mend it, then send it',
    'For webhooks only: pass on the body byte for byte with its headers, and compare the secret.',
  ],
  'wrong-host': [
    'mend it, then send it',
    'Call the address that the agent or `tillwire lan show` tells, with its port.',
  ],
  'wrong-origin': ['mend it, then send it', 'Call from a program, not from a web page.'],
  'not-for-tills': ['keep it for a person', 'Imports and the like are for programs on the agent’s own PC.'],
  'wrong-workstation': [
    'keep it for a person',
    'The token is bound to one workstation (`till add --workstation`), and the document names another one.',
  ],
  'no-such-document': ['mend it, then send it', 'Take back only what this store sent itself, by its own number.'],
  'no-webhook': [
    'keep it for a person',
    'For webhooks only: make the file that the sentence names, then send it again.',
  ],
  'wrong-method': ['mend it, then send it', 'Use the method in the header `Allow`.'],
  'too-slow': ['send the same again', 'The line broke or was too slow. Use the same key.'],
  'key-used': [
    'keep it for a person',
    'Two documents got one key: a mistake in the till’s program. `kept` is what is there.',
  ],
  'number-used': [
    'nothing: it is done',
    'It is set aside on the agent’s PC, where a person compares both. `kept` is what is there. Do not send it again.',
  ],
  'taken-back': [
    'nothing: it is done',
    'It does not count any more. Send it under a new number if it happened after all.',
  ],
  'bad-webhook': ['keep it for a person', 'For webhooks only: mend the file that the sentence names.'],
  'body-too-large': ['mend it, then send it', 'Send fewer documents in one request.'],
  'fact-too-large': ['keep it for a person', 'One document has more lines or text than can be kept.'],
  'not-json': ['mend it, then send it', 'Send `Content-Type: application/json` and no `Content-Encoding`.'],
  'bad-file': ['mend it, then send it', 'For imports only: the file is damaged or of another kind.'],
  'too-many': ['send the same again', 'After as many seconds as `Retry-After` says: never more than 60.'],
  unknown: ['send the same again', 'With the same key, until there is another answer: it is never kept twice.'],
  busy: ['send the same again', 'After as many seconds as `Retry-After` says, with the same key.'],
  'disk-full': ['send the same again', 'After a minute, and tell people: nothing is taken until there is space.'],
};

const INTRO = `# What the capture API refuses

Generated from the tables in \`capture/errors.ts\` and \`build/capture-errors.ts\` by \`npm run documents\`.

Every refusal is JSON: \`{"error": {"code", "message", "issues"?, "position"?, "kept"?}}\`. Go by the code; the message is
for people and may say more than here. **No answer, a broken line or a status that is not listed here mean "unknown":
send the same body with the same \`Idempotency-Key\` again.** A document is never kept twice.

A 201 means that the document is on disk. Its header \`Tillwire-Kept\` says where: send it back, word for word, as
\`Tillwire-Last\` with the next document. Then the agent notices at once when an old copy of its disk was put back; it takes
the document all the same and answers \`Tillwire-Last-Found: no\`. A till that hears this sends again what it sent since
the copy was made, with the same keys.
`;

export function captureErrorsPage(): string {
  const codes = Object.keys(CAPTURE_ERROR_STATUS) as CaptureErrorCode[];
  const rows = codes.map((code) => {
    const [next, advice] = ADVICE[code];
    return `| \`${code}\` | ${CAPTURE_ERROR_STATUS[code]} | ${CAPTURE_ERRORS[code]} | ${next} | ${advice} |`;
  });
  const table = ['| code | status | says | the till | what to do |', '| --- | --- | --- | --- | --- |', ...rows];
  const examples = [...WAYS_IN, 'batch'].map((way) => `\`\`\`sh\n${curlExample(`/v1/${way}`)}\n\`\`\``);
  const shell = [
    '## By hand',
    '',
    'On the agent’s PC `URL` and `TOKEN` stand in `endpoint.json` of its data folder. On another PC the URL is one of those that',
    '`tillwire lan show` tells and the token one that `tillwire till add` made; add',
    '`--cacert lan.crt` with the certificate from the data folder, or `--insecure --pinnedpubkey "sha256//..."`.',
    '',
    ...examples,
  ];
  return `${[INTRO, ...table, '', ...shell].join('\n')}\n`;
}
