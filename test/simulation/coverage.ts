// What must have happened at least once in a run of many seeds: a simulator that never gets there proves nothing.

export const COVERAGE = {
  'batch lost, then sent again': 'a batch was published and no mark came before the same entries went out once more',
  'publish refused by the line': 'a publish was rejected because the line went away',
  'line reset with frames in flight': 'a connection was cut while frames travelled on it',
  'half-open line found dead': 'a silent line was given up by its keepalive',
  'one-way line': 'frames of one direction vanished',
  'line clogged': 'frames were held up for seconds',
  'frame said twice': 'the broker delivered one frame twice',
  'old frame replayed': 'the broker delivered a frame of long ago',
  'queue overflow': 'the broker dropped a frame silently because too many waited',
  'frame dropped by the broker': 'the broker said PUBACK and delivered nothing',
  'publish denied silently': 'the broker took a publish and denied it without a word',
  'client taken over': 'two clients with one id: the older one was thrown out',
  'will delivered': 'a last will was published',
  'retained message delivered': 'a new subscriber was given a retained message',
  'broker lost its state': 'the broker came back without retained messages',
  'agent crashed with captures waiting': 'the program died before a group was on the disk',
  'power lost': 'a store computer lost its power',
  'clock stepped': 'a wall clock was set',
  'computer slept or clock jumped': 'an agent saw its timer come far too late',
  'power cut in the middle of a write': 'the power went between two changes of the disk',
  'disk failed': 'a sync failed, and the program ended',
  'disk full': 'nothing new could be taken in',
  'mirror out of order': 'the disk of the second copy was pulled out',
  'database damaged': 'a byte of a database was changed while its program was down',
  'repaired from the mirror': 'entries that the database lacked came back from the second copy',
  'old database put back beside its mirror': 'the data folder alone was replaced by an older copy of itself',
  'old copy put back': 'a data folder was replaced by an older copy of itself',
  'copy found out': 'an agent found that central holds another history, and began a new epoch',
  'clone started': 'a copied data folder was started beside the original',
  'clone fenced': 'central fenced an instance that a newer one had taken over from',
  'epoch granted': 'a person granted a new epoch',
  'till repeated a receipt': 'a kept receipt was sent again and known',
  'till sent another body': 'a key was sent with another body and refused',
  'answer lost, asked again': 'a till did not hear the answer and asked again with its key',
  'poison set aside': 'a fact that central cannot read used up its number and nothing else',
  'central crashed before commit': 'a transaction was lost with its process',
  'central crashed after commit': 'a transaction was committed and nobody was told',
  'transaction given up and repeated': 'the database gave up a transaction and it was repeated',
  'central put back': 'the ledger was replaced by an older copy',
  'entries refilled': 'an agent sent entries again that it had settled, because central had lost them',
  'gap refused': 'central refused a batch because one before it is missing',
  'session refused': 'central refused a batch of a session it does not know',
  'duplicate told by key': 'central found a fact that it holds already under another number',
  'settled by a welcome': 'entries were settled by a welcome, not by a mark',
} as const;

export type Point = keyof typeof COVERAGE;
export const POINTS = Object.keys(COVERAGE) as Point[];

export type Counts = Record<Point, number>;

export const noCounts = (): Counts => Object.fromEntries(POINTS.map((point) => [point, 0])) as Counts;

export function addCounts(sum: Counts, more: Counts): void {
  for (const point of POINTS) sum[point] += more[point];
}

export const neverReached = (counts: Counts): Point[] => POINTS.filter((point) => counts[point] === 0);
