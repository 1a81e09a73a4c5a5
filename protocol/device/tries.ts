// What a store's computer fetches and sends of dry runs of a configuration.

export const deviceTriesContract = {};
