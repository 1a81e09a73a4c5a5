// The computers of a store, past and present, and taking the access of one back, after asking in so many words.
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import type { DeviceRow, Revocation } from '../../protocol/hq/devices.ts';
import { moment } from '../kit/format.ts';
import type { Central } from './central.ts';
import type { Details } from './details.ts';
import { heardInWords } from './in-words.ts';
import { words } from './words.ts';

const say = words.computers;

type CardProps = { id: string; details: Details; central: Central; who: WhoAmI; now: ReadonlySignal<number> };

export function Computers({ id, details, central, who, now }: CardProps): JSX.Element {
  const devices = details.devices.value;
  const asked = useSignal<DeviceRow | null>(null);
  const told = useSignal('');
  const mayRevoke = who.actions.includes('enrol');
  return (
    <section class="card" aria-labelledby="computers-heading">
      <h2 id="computers-heading">{say.heading}</h2>
      {devices !== null && devices.length === 0 && <p class="empty">{say.none}</p>}
      <ul class="computers">
        {(devices ?? []).map((device) => (
          <li key={device.device}>
            <Computer device={device} now={now.value} />
            {mayRevoke && device.state === 'active' && (
              <button
                type="button"
                class="danger"
                onClick={() => {
                  asked.value = device;
                }}
              >
                {say.revoke}
                <span class="unseen"> {device.computer}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <p role="status" class="said">
        {told.value}
      </p>
      {asked.value !== null && (
        <Revoke
          store={id}
          device={asked.value}
          central={central}
          over={(sentence) => {
            asked.value = null;
            told.value = sentence;
            details.look();
          }}
        />
      )}
    </section>
  );
}

function Computer({ device, now }: { device: DeviceRow; now: number }): JSX.Element {
  const { state, remainder, endedMs, untilMs } = device;
  const facts = [
    `${say.enrolled} ${moment(device.enrolledMs, now)}`,
    `${say.heard} ${heardInWords(device.heardMs, now)}`,
    state === 'active' ? `${say.until} ${moment(untilMs, now)}` : null,
  ];
  return (
    <div>
      <p>
        <strong>{device.computer}</strong> <span class="exact">{device.device}</span>
      </p>
      <p>{endedMs === null ? say.states[state] : words.since(say.states[state], endedMs, now)}</p>
      <p class="quiet">{facts.filter((fact) => fact !== null).join(' · ')}</p>
      {state !== 'active' && (remainder ?? 0) > 0 && <p class="remainder">{say.remainder(remainder ?? 0)}</p>}
    </div>
  );
}

type RevokeProps = { store: string; device: DeviceRow; central: Central; over: (sentence: string) => void };

/** Whoever confirms it has typed the name of the store: nobody does that by mistake. */
function Revoke({ store, device, central, over }: RevokeProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const typed = useSignal('');
  const problem = useSignal('');
  const isAsking = useSignal(false);
  const isSure = typed.value.trim().toLowerCase() === store.toLowerCase();
  useEffect(() => dialog.current?.showModal(), []);
  async function submit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (!isSure || isAsking.value) return;
    isAsking.value = true;
    const answer = await central.post<Revocation>(`/devices/${device.device}/revocation`, { store });
    isAsking.value = false;
    if (answer.ok) over(answer.value.message);
    else problem.value = answer.message === '' ? words.session.absent : answer.message;
  }
  return (
    <dialog ref={dialog} class="sure" aria-labelledby="sure-heading" onClose={() => over('')}>
      <form onSubmit={submit}>
        <h2 id="sure-heading">{say.sure(device.computer)}</h2>
        <p>{say.explain(store)}</p>
        {(device.remainder ?? 0) > 0 && <p class="remainder">{say.holds(device.remainder ?? 0)}</p>}
        <label>
          {say.type(store)}
          <input
            autoComplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
        <p role="status" class="said">
          {problem.value}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => over('')}>
            {say.no}
          </button>
          <button type="submit" class="danger solid" disabled={!isSure || isAsking.value}>
            {say.yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}
