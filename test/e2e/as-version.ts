// Loaded before the program: it then takes itself for the version that TILLWIRE_AS names. For tests of updates only.
import { registerHooks } from 'node:module';

const version = process.env['TILLWIRE_AS'];
const OURS = new URL('../../package.json', import.meta.url).href;

registerHooks({
  load(url, context, next) {
    if (url !== OURS || version === undefined) return next(url, context);
    return { format: 'json', source: JSON.stringify({ name: 'tillwire', version }), shortCircuit: true };
  },
});
