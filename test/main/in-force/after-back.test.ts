// After a configuration was put back what it set aside is driven again, by what is in force then.
import { expect, test } from 'vitest';
import { openInForce } from '../../../main/configuration/in-force.ts';
import { redriveAfterBack } from '../../../main/in-force/after-back.ts';

test('once for each time that it goes back, one after the other, and never for one that comes', async () => {
  const inForce = openInForce(() => undefined);
  const driven: (number | null)[] = [];
  const told: string[] = [];
  const close = redriveAfterBack({
    configuration: inForce,
    redrive: async () => {
      driven.push(inForce.revision());
      if (driven.length === 2) throw new Error('the disk is full');
      return '2 could be placed';
    },
    log: { info: (_, message) => void told.push(message), warn: (_, message) => void told.push(message) },
  });
  const become = async (revision: number | null): Promise<void> => {
    inForce.become({}, revision);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const revision of [3, 5, 3, 6, null, 7, 7]) await become(revision);
  expect(driven).toEqual([3, null]);
  expect(told).toEqual([expect.stringContaining('driven again'), expect.stringContaining('a person may do it')]);
  await close();
  inForce.become({}, 1);
  expect(driven).toEqual([3, null]);
});
