// Dry runs of a configuration on facts of chosen stores, as central's API takes and tells them.

export const triesContract = {};
