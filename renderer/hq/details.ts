// All that central tells of one store beside its row: asked for again while somebody looks.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { CommandRow } from '../../protocol/hq/commands.ts';
import type { DeviceRow } from '../../protocol/hq/devices.ts';
import type { FleetStore } from '../../protocol/hq/fleet.ts';
import type { ExceptionPage } from '../../protocol/hq/lists.ts';
import type { Central } from './central.ts';

export type Details = {
  /** Null until it was told, or where this account may not see it. */
  store: ReadonlySignal<FleetStore | null>;
  /** Central knows no such store. */
  isUnknown: ReadonlySignal<boolean>;
  devices: ReadonlySignal<DeviceRow[] | null>;
  commands: ReadonlySignal<CommandRow[] | null>;
  questions: ReadonlySignal<ExceptionPage | null>;
  /** Asks now rather than at the next look. */
  look(): void;
  stop(): void;
};

const LOOK_MS = 3_000;
const COMMANDS_SHOWN = 12;
const QUESTIONS_SHOWN = 8;

export function openDetails(central: Central, id: string): Details {
  const store = signal<FleetStore | null>(null);
  const isUnknown = signal(false);
  const devices = signal<DeviceRow[] | null>(null);
  const commands = signal<CommandRow[] | null>(null);
  const questions = signal<ExceptionPage | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = ++looks;
    const [told, computers, orders, open] = await Promise.all([
      central.get<FleetStore>(`/fleet/stores/${id}`),
      central.get<DeviceRow[]>(`/devices?store=${id}`),
      central.get<CommandRow[]>(`/commands?store=${id}&limit=${COMMANDS_SHOWN}`),
      central.get<ExceptionPage>(`/exceptions?store=${id}&limit=${QUESTIONS_SHOWN}`),
    ]);
    // A later look has newer answers, and its own timer.
    if (mine !== looks) return;
    if (told.ok) store.value = told.value;
    isUnknown.value = !told.ok && told.status === 404;
    if (computers.ok) devices.value = computers.value;
    if (orders.ok) commands.value = orders.value;
    if (open.ok) questions.value = open.value;
    timer = setTimeout(() => void look(), LOOK_MS);
  }

  void look();
  return {
    ...{ store, isUnknown, devices, commands, questions },
    look: () => void look(),
    stop() {
      looks += 1;
      clearTimeout(timer);
    },
  };
}
