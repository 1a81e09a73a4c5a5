// Pausing and resuming: only on purpose, with a reason and a name.
import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { moment } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';

const say = words.pc.sending;
type FormProps = { pause: (reason: string, by: string) => void; cancel: () => void };

function PauseForm({ pause, cancel }: FormProps): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    pause(String(given.get('reason') ?? '').trim(), String(given.get('by') ?? '').trim());
  };
  return (
    <form
      class="pause-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
      }}
    >
      <p>{say.explain}</p>
      <label>
        {say.reason}
        <input ref={first} name="reason" required maxLength={TEXT_LENGTH_MAX} autoComplete="off" />
      </label>
      <label>
        {say.by}
        <input name="by" required maxLength={IDENTIFIER_LENGTH_MAX} autoComplete="off" />
      </label>
      <div class="buttons">
        <button type="submit" class="primary">
          {say.now}
        </button>
        <button type="button" onClick={cancel}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

export function Sending({ agent, state }: { agent: Agent; state: Snapshot }): JSX.Element {
  const asking = useSignal(false);
  const told = useSignal('');
  const status = useRef<HTMLParagraphElement>(null);
  const { pause = null } = state;
  const tell = (sentence: string): void => {
    told.value = sentence;
    // The button that was pressed is gone: whoever works by keyboard goes on from what was said.
    status.current?.focus();
  };
  const begin = async (reason: string, by: string): Promise<void> => {
    if (reason === '' || by === '') return tell(say.missing);
    const done = await agent.ask(async (client, signal) => {
      await client.pc.pause({ reason, by }, { signal });
      return true;
    });
    if (done !== null) asking.value = false;
    tell(done === null ? words.pc.failed : say.paused);
  };
  const end = async (): Promise<void> => {
    const done = await agent.ask(async (client, signal) => {
      await client.pc.resume(undefined, { signal });
      return true;
    });
    tell(done === null ? words.pc.failed : say.resumed);
  };
  return (
    <section class="card" aria-labelledby="sending-heading">
      <h2 id="sending-heading">{say.heading}</h2>
      {pause === null ? (
        <p>{say.on}</p>
      ) : (
        <>
          <p>
            <strong>{say.pausedBy(pause.by, moment(pause.sinceMs, state.nowMs))}</strong> {say.why(pause.reason)}
          </p>
          <p class="quiet">{say.goesOn}</p>
          <div class="buttons">
            <button type="button" class="primary" onClick={() => void end()}>
              {say.resume}
            </button>
          </div>
        </>
      )}
      {pause === null && asking.value && (
        <PauseForm
          pause={(reason, by) => void begin(reason, by)}
          cancel={() => {
            asking.value = false;
          }}
        />
      )}
      {pause === null && !asking.value && (
        <div class="buttons">
          <button
            type="button"
            onClick={() => {
              told.value = '';
              asking.value = true;
            }}
          >
            {say.pause}
          </button>
        </div>
      )}
      <p class={told.value === '' ? 'unseen' : 'quiet'} role="status" tabIndex={-1} ref={status}>
        {told.value}
      </p>
    </section>
  );
}
