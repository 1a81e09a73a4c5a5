// Before each test file: generated cases are the same in every run, unless TILLWIRE_SEED asks for others.
import fc from 'fast-check';

const SEED = 20_261_121;

const asked = process.env['TILLWIRE_SEED'];
// A failure names its seed. "fresh" looks where nobody has looked yet.
if (asked !== 'fresh') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked ?? SEED) });
