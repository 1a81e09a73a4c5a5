// tillwire broker: the embedded broker, on loopback.
import { Command } from 'commander';
import { startBroker } from '../broker.ts';
import { makePrivateFolder } from '../data-folder.ts';
import { untilStopped } from '../runtime.ts';
import { pathFromCaller, port } from './options.ts';

export const brokerCommand = (): Command =>
  new Command('broker')
    .description('Runs the embedded MQTT broker on 127.0.0.1: for a trial. It keeps nothing; nothing depends on it.')
    .option('--port <number>', 'port, 0 for a free one', port, 0)
    .option('--data <folder>', 'its folder; the embedded broker keeps nothing in it', pathFromCaller)
    .action(async (options: { port: number; data?: string }) => {
      if (options.data !== undefined) makePrivateFolder(options.data);
      const broker = await startBroker(options.port);
      await untilStopped({ url: broker.url }, broker.stop);
    });
