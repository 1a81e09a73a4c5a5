// A central on a PGlite folder that takes batches and says each mark on standard output, until it is killed.
import { openDatabase } from '../../central/database.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { makeDevice, sale } from '../central/device.ts';
import { takeBatch } from '../central/rig.ts';
import { openSqlRig } from '../central/sql-rig.ts';

const [folder = '', keyPem = '', life = ''] = process.argv.slice(2);

const device = makeDevice('KILLED', { signer: openSigner(keyPem), epoch: { ordinal: 1, life } });
for (let n = 1; n <= 2_000; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));

const { db } = await openDatabase(folder);
const rig = await openSqlRig(db);
const session = await rig.session(device);
for (let seq = (await rig.stands('KILLED')).seq ?? 0; seq < 2_000; ) {
  const reply = await takeBatch(rig.intake, device.batch(session, seq + 1, Math.min(2_000, seq + 5)));
  if (reply.kind !== 'mark') throw new Error(`no mark but ${reply.kind}`);
  seq = reply.seq;
  process.stdout.write(`${seq}\n`);
}
