// Computers of stores: enrolment tokens, devices, revocation: as central's API takes and tells them.

export const devicesContract = {};
