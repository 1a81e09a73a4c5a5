// What people are told when sending stops, in plain sentences.

export const SILENT = 'Central does not answer. Sales are kept here and sent when it does.';

export const FORK =
  "Central holds other entries than this computer's journal: an old copy was put back, or two computers run this " +
  'store.';

export const NEWCOMER = 'This computer, or its disk, is new in a store that has a past.';

export const FORKS =
  "Central keeps holding other entries than this computer's journal: two computers seem to run this store. New sales " +
  'are kept here safely, nothing is sent. Please call IT.';

export const UNGRANTED = 'Central has not accepted the new journal of this store yet.';

export const SUPERSEDED = 'Head office was put back from an older copy: this PC takes over what head office holds now.';

export const CONTRADICTED =
  'What central says of this store contradicts what it said before. New sales are kept here safely, nothing is sent. ' +
  'Please call IT.';

export const UNREADABLE_DECISION = 'Central decided something that this program cannot read. Please update it.';

export const STRANGER =
  'Someone answered in the name of central with a key that this computer does not know. Nothing was sent. ' +
  'Please call IT if central was set up anew.';
