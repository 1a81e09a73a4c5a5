// All stores at one look: as central's API tells it.

export const fleetContract = {};
