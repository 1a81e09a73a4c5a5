// The embedded broker lets in like any other.
import { expect, test } from 'vitest';
import { openEmbeddedAccess } from '../../../central/broker-access/embedded.ts';
import { startBroker } from '../../../main/broker.ts';
import { upTopic } from '../../../protocol/wire/topics.ts';
import { until } from '../../wait.ts';
import { accessContract, admittedFor } from './access.contract.ts';
import { mustSignIn, REFUSED, says, signIn, subscribes } from './clients.ts';

accessContract('the embedded broker', async () => {
  const broker = await startBroker();
  const access = openEmbeddedAccess(broker.aedes, { anonymous: 'refused' });
  access.admitCentral('central', 'secret');
  return {
    url: broker.url,
    access,
    central: { clientId: 'tillwire-central-1', username: 'central', password: 'secret' },
    certificateOf: async () => ({}),
    stop: broker.stop,
  };
});

test('in a trial whoever says no name comes in, but not in the place of a computer that was enrolled', async () => {
  const broker = await startBroker();
  const access = openEmbeddedAccess(broker.aedes, { anonymous: 'taken' });
  try {
    const admitted = admittedFor('S001', 'd000000000001');
    await access.admit(admitted, 'one');
    const trial = await mustSignIn(broker.url, { clientId: 'tillwire-S002' });
    expect(await subscribes(trial, '#')).toBe(true);
    says(trial, upTopic('S002'), 'mine');
    await until(() => expect(trial.messages).toHaveLength(1));
    expect(await signIn(broker.url, { clientId: admitted.clientId })).toBe(REFUSED);
    says(trial, upTopic('S001'), 'forged');
    await until(() => expect(trial.isCut()).toBe(true));
    expect(trial.messages).toHaveLength(1);
  } finally {
    await broker.stop();
  }
});
