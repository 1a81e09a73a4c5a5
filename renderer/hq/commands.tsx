// What can be asked of a store, and what became of what was asked.
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { TEXT_LENGTH_MAX } from '../../core/limits.ts';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import type { CommandRequest, CommandRow } from '../../protocol/hq/commands.ts';
import type { SavedFile } from '../../protocol/local/rooms/pc.ts';
import { saveFile } from '../store/this-pc/save-file.ts';
import type { Central } from './central.ts';
import type { Details } from './details.ts';
import { words } from './words.ts';

const say = words.commands;

type CardProps = { id: string; details: Details; central: Central; who: WhoAmI; now: ReadonlySignal<number> };

/** A question keeps its name until central has answered it, so that asking once more asks once only. */
function useAsking(id: string, central: Central, details: Details) {
  const told = useSignal('');
  const keys = useRef(new Map<string, string>());
  async function ask(command: CommandRequest): Promise<void> {
    const wish = JSON.stringify(command);
    const key = keys.current.get(wish) ?? crypto.randomUUID();
    keys.current.set(wish, key);
    told.value = words.session.asking;
    const answer = await central.post<CommandRow[]>('/commands', { stores: [id], command }, key);
    if (answer.ok || answer.status > 0) keys.current.delete(wish);
    told.value = answer.ok ? '' : answer.message === '' ? say.noAnswer : answer.message;
    details.look();
  }
  return { told, ask };
}

export function Commands({ id, details, central, who, now }: CardProps): JSX.Element {
  const { told, ask } = useAsking(id, central, details);
  const isPausing = useSignal(false);
  const commands = details.commands.value;
  async function save(command: CommandRow): Promise<void> {
    const file = await central.get<SavedFile>(`/commands/${command.id}/diagnostics`);
    if (file.ok) saveFile(file.value);
    else told.value = file.message === '' ? say.noAnswer : file.message;
  }
  return (
    <section class="card commands" aria-labelledby="commands-heading">
      <h2 id="commands-heading">{say.heading}</h2>
      {who.actions.includes('command') ? (
        <div class="buttons">
          <button
            type="button"
            aria-expanded={isPausing.value}
            onClick={() => {
              isPausing.value = !isPausing.value;
            }}
          >
            {say.pause}
          </button>
          <button type="button" onClick={() => void ask({ kind: 'resume' })}>
            {say.resume}
          </button>
          <button type="button" onClick={() => void ask({ kind: 'diagnostics' })}>
            {say.diagnostics}
          </button>
          <button type="button" onClick={() => void ask({ kind: 'resync' })}>
            {say.resync}
          </button>
          <button type="button" onClick={() => void ask({ kind: 'redrive' })}>
            {say.redrive}
          </button>
        </div>
      ) : (
        <p class="quiet">{say.mayNot}</p>
      )}
      {isPausing.value && (
        <Pause
          pause={(reason) => {
            isPausing.value = false;
            void ask({ kind: 'pause', reason });
          }}
          cancel={() => {
            isPausing.value = false;
          }}
        />
      )}
      <p role="status" class="said">
        {told.value}
      </p>
      {commands !== null && commands.length === 0 && <p class="empty">{say.none}</p>}
      <ol class="asked">
        {(commands ?? []).map((command) => (
          <Asked key={command.id} command={command} now={now.value} save={() => void save(command)} />
        ))}
      </ol>
    </section>
  );
}

function Asked({ command, now, save }: { command: CommandRow; now: number; save: () => void }): JSX.Element {
  const { kind, state, message, by, issuedMs, expiresMs, open, file } = command;
  return (
    <li data-state={open ? 'open' : state}>
      <p>
        <strong>{say.kinds[kind]}</strong> <span class="became">{say.states[state]}</span>
      </p>
      {message !== '' && <p>{message}</p>}
      <p class="quiet">
        {say.asked(by, issuedMs, now)}
        {open && `, ${say.expires(expiresMs, now)}`}
      </p>
      {file && (
        <button type="button" aria-label={say.saveOf(issuedMs, now)} onClick={save}>
          {say.save}
        </button>
      )}
    </li>
  );
}

function Pause({ pause, cancel }: { pause: (reason: string) => void; cancel: () => void }): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (reason !== '') pause(reason);
  };
  return (
    <form
      class="pause"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
      }}
    >
      <p>{say.pauseExplain}</p>
      <label>
        {say.reason}
        <input ref={first} name="reason" required maxLength={TEXT_LENGTH_MAX} autoComplete="off" />
      </label>
      <div class="buttons">
        <button type="submit" class="primary">
          {say.pauseYes}
        </button>
        <button type="button" onClick={cancel}>
          {say.no}
        </button>
      </div>
    </form>
  );
}
