// Products, their attributes, owners and proposals: as central's API takes and tells them.

export const catalogueContract = {};
