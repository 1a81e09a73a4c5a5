// What a configuration set aside before it was put back, the one before may place: it is driven again, once.
import { messageOf } from '../../sync/message-of.ts';
import type { InForce } from '../configuration/in-force.ts';

type Parts = {
  configuration: Pick<InForce, 'revision' | 'onChange'>;
  /** By the readings that are in force when it is called. */
  redrive(): Promise<string>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
};

/** Gives back how to end it, once what is being driven is done. */
export function redriveAfterBack({ configuration, redrive, log }: Parts): () => Promise<void> {
  let before = configuration.revision();
  let driving = Promise.resolve();
  let isEnding = false;
  const drive = async (): Promise<void> => {
    if (isEnding) return;
    try {
      log.info({ told: await redrive() }, 'a configuration was put back: what was set aside is driven again');
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'what was set aside could not be driven again: a person may do it');
    }
  };
  const forget = configuration.onChange(() => {
    const now = configuration.revision();
    if (before !== null && (now ?? 0) < before) driving = driving.then(drive);
    before = now;
  });
  return async () => {
    isEnding = true;
    forget();
    await driving;
  };
}
