// What head office asks a store to do, and what came of it: as central's API takes and tells it.

export const commandsContract = {};
