// Configuration at central: keys that may sign, revisions, what holds for a store and where it comes from.

export const configurationContract = {};
