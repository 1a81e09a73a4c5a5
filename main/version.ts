// The product's version, from package.json; a bundle holds it itself.
import product from '../package.json' with { type: 'json' };

export const version: string = product.version;
