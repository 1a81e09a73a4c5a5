// tillwire broker: the embedded broker, on loopback.
import { Command } from 'commander';
import { startBroker } from '../broker.ts';
import { untilStopped } from '../runtime.ts';
import { pathFromCaller, port } from './options.ts';

export const brokerCommand = (): Command =>
  new Command('broker')
    .description('Runs the embedded MQTT broker on 127.0.0.1: for a trial. It keeps nothing; nothing depends on it.')
    .option('--port <number>', 'port, 0 for a free one', port, 0)
    .option('--data <folder>', 'for its data; it has none', pathFromCaller)
    .action(async (options: { port: number }) => {
      const broker = await startBroker(options.port);
      await untilStopped({ url: broker.url }, broker.stop);
    });
