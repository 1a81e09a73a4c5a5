// What runs on this PC, where it keeps what, and its clock, as lists of names and values.
import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { PcState } from '../../../protocol/local/rooms/pc.ts';
import type { ClockState, Snapshot } from '../../../protocol/local/window.ts';
import { bytes, clockSeconds, moment, tradingDay } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

const say = words.pc;
/** Less than this nobody would call wrong. */
const RIGHT_MS = 2_000;

type ListProps = { id: string; heading: string; rows: [name: string, value: string][]; note?: string | undefined };

function List({ id, heading, rows, note }: ListProps): JSX.Element {
  return (
    <section class="card pc-facts" aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {note !== undefined && <p class="quiet">{note}</p>}
    </section>
  );
}

export function About({ pc, state }: { pc: PcState; state: Snapshot }): JSX.Element {
  const { versions, settings } = pc;
  const at = (ms: number): string => moment(ms, state.nowMs);
  return (
    <List
      id="about-heading"
      heading={say.about.heading}
      rows={[
        [say.about.store, state.store],
        [say.about.version, versions.program],
        [say.about.started, at(pc.startedMs)],
        [say.about.account, pc.account],
        [
          say.about.settings,
          settings === null ? say.about.noSettings : say.about.settingsOf(settings.digest, at(settings.changedMs)),
        ],
        [say.about.records, String(versions.journal)],
        [say.about.node, versions.node],
        [say.about.system, versions.system],
      ]}
    />
  );
}

/** Only of a PC that head office knows by a name of its own. */
export function Place({ pc, state }: { pc: PcState; state: Snapshot }): JSX.Element | null {
  const { membership = null } = pc;
  if (membership === null) return null;
  const { device, certificateEndsMs, standing, sinceMs } = membership;
  const since = sinceMs === null ? null : moment(sinceMs, state.nowMs);
  const ends: [string, string][] =
    certificateEndsMs === null
      ? []
      : [[say.place.ends, say.door.renewed(tradingDay(new Date(certificateEndsMs).toISOString().slice(0, 10)))]];
  return (
    <List
      id="place-heading"
      heading={say.place.heading}
      rows={[
        [say.place.standing, say.place.standings[standing](since)],
        [say.place.device, device ?? words.unknown],
        ...ends,
      ]}
    />
  );
}

/** Only where head office ever set something. */
export function SetByHeadOffice({ pc, state }: { pc: PcState; state: Snapshot }): JSX.Element | null {
  const { configuration = null } = pc;
  if (configuration === null) return null;
  const { applied, desired, state: standing, since, isExpired } = configuration;
  const inForce = applied === null ? say.set.none : say.set.revision(applied, moment(since, state.nowMs));
  const rows: [string, string][] = [[say.set.inForce, inForce]];
  if (standing === 'good') rows.push([say.set.standing, say.set.good]);
  else if (standing === 'trial') rows.push([say.set.standing, say.set.trial]);
  else if (desired !== null) rows.push([say.set.newest, say.set.newer(desired, say.set.standings[standing])]);
  return <List id="set-heading" heading={say.set.heading} rows={rows} note={isExpired ? say.set.expired : undefined} />;
}

export function Kept({ pc, state }: { pc: PcState; state: Snapshot }): JSX.Element {
  const { secondCopy } = pc;
  const { disk = null } = state;
  const since = secondCopy.sinceMs === null ? null : moment(secondCopy.sinceMs, state.nowMs);
  const free = disk === null ? words.unknown : bytes(disk.freeBytes);
  const days = disk?.days ?? null;
  return (
    <List
      id="kept-heading"
      heading={say.kept.heading}
      rows={[
        [say.kept.folder, pc.folder],
        [say.kept.copy, `${secondCopy.healthy ? say.kept.healthy : say.kept.broken(since)}: ${secondCopy.folder}`],
        [say.kept.size, bytes(pc.keptBytes)],
        [say.kept.free, days === null ? free : say.kept.room(free, days)],
      ]}
      note={secondCopy.sameDisk ? say.kept.sameDisk : undefined}
    />
  );
}

function compared({ skew }: ClockState, nowMs: number): string {
  if (skew === null) return say.clock.never;
  const off = Math.abs(skew.ms);
  const at = moment(skew.measuredMs, nowMs);
  return off - skew.boundMs < RIGHT_MS ? say.clock.right(at) : say.clock.off(off, skew.ms > 0, at);
}

export function PcClock({ clock, now }: { clock: ClockState; now: ReadonlySignal<number> }): JSX.Element {
  const { jump, zone } = clock;
  const jumped: [string, string][] =
    jump === null
      ? []
      : [[say.clock.jump, say.clock.jumped(Math.abs(jump.byMs), jump.byMs > 0, moment(jump.atMs, now.value))]];
  return (
    <List
      id="clock-heading"
      heading={say.clock.heading}
      rows={[
        [say.clock.time, clockSeconds(now.value)],
        [say.clock.zone, zone],
        [say.clock.compared, compared(clock, now.value)],
        ...jumped,
      ]}
    />
  );
}

export function Door({ pc, state }: { pc: PcState; state: Snapshot }): JSX.Element | null {
  const { door } = pc;
  if (door === null || (state.lan ?? null) === null) return null;
  const ends: [string, string][] =
    door.endsMs === null
      ? []
      : [[say.door.ends, say.door.renewed(tradingDay(new Date(door.endsMs).toISOString().slice(0, 10)))]];
  return (
    <List id="door-heading" heading={say.door.heading} rows={[[say.door.fingerprint, door.fingerprint], ...ends]} />
  );
}
