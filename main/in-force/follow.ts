// The parts of the agent that follow the configuration in force, joined: feeds, settings, sending, log, retention.
import { join } from 'node:path';
import type { Configured, DropEvent } from '../../capture/drop-file.ts';
import { maskText } from '../../capture/mask.ts';
import type { Reading } from '../../capture/reading.ts';
import { TEXT_LENGTH_MAX } from '../../core/limits.ts';
import type { Policy } from '../../sync/policy.ts';
import type { ConfigurationKeeper } from '../configuration/keeper.ts';
import type { SettingsWatch } from '../settings.ts';
import type { KeptLog } from '../this-pc/log-file.ts';
import { openFeeds } from './feeds.ts';
import { keepRetention } from './retention.ts';
import { policyOf, sendsFromMs } from './sending.ts';
import { type SettingsInForceWatch, settingsInForce, updatesProblem } from './settings.ts';

export type Following = {
  settings: SettingsInForceWatch;
  /** By the name of the drop folder. */
  readings(): ReadonlyMap<string, Reading>;
  readingOf(folder: string): Configured | null;
  /** What a reading on trial cannot take ends its trial: the one before may be able to. */
  tookFile(event: DropEvent): void;
  policy(): Policy;
  sendsFromMs(): number | null;
  close(): Promise<void>;
};

type Parts = {
  /** The agent's data folder. */
  folder: string;
  configuration: Pick<ConfigurationKeeper, 'now' | 'register' | 'onChange' | 'isOnTrial'>;
  /** The store's own settings. */
  own: SettingsWatch;
  wallMs(): number;
  onChange(): void;
  log: KeptLog;
};

export function followConfiguration({ folder, configuration, own, wallMs, onChange, log }: Parts): Following {
  const drop = join(folder, 'drop');
  const feeds = openFeeds(drop);
  const retention = keepRetention({
    ...{ drop, wallMs, log, forgetLog: log.forget },
    // What is deleted does not come back where a store goes back: not before its trial went well.
    configuration: () => (configuration.isOnTrial() ? {} : configuration.now()),
    onLook: feeds.makeFolders,
  });
  const tellFeeds = configuration.register({ name: 'feeds', apply: feeds.apply });
  configuration.register({ name: 'updates', apply: (next) => updatesProblem(own.now(), next) });
  configuration.register({
    name: 'log',
    apply(next) {
      log.setLevel(next.log?.level ?? null);
      return null;
    },
  });
  const forget = configuration.onChange(onChange);
  void retention.look();
  return {
    settings: settingsInForce(own, configuration.now),
    readings: feeds.readings,
    readingOf(name) {
      const reading = feeds.readings().get(name);
      return reading === undefined ? null : { reading, isOnTrial: configuration.isOnTrial() && feeds.isChanged(name) };
    },
    tookFile(event) {
      if (event.kind !== 'unreadable') return;
      // Head office hears what is wrong, not what a file says: that may come in the sentences behind the first one.
      const [what = ''] = maskText(event.reason).text.split(/\.(?:\s|$)/);
      tellFeeds(`feeds.${event.folder}.reading cannot read a file: ${what.slice(0, TEXT_LENGTH_MAX)}`);
    },
    policy: () => policyOf(configuration.now(), wallMs()),
    sendsFromMs: () => sendsFromMs(configuration.now(), wallMs()),
    async close() {
      forget();
      await retention.close();
    },
  };
}
