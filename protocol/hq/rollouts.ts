// Rollouts at central: how far a revision has come, ring by ring, and what stops it.

export const rolloutsContract = {};
