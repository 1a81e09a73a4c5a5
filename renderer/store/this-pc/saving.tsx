// May this PC be wiped, and the file for whoever helps: both end in a file that a person saves.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { SavedFile, WipeAnswer } from '../../../protocol/local/rooms/pc.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { saveFile } from './save-file.ts';

const say = words.pc;
type Client = Parameters<Parameters<Agent['converse']>[0]>[0];
type SaveProps = {
  agent: Agent;
  label: string;
  busy: string;
  saved: (name: string) => string;
  make: (client: Client) => Promise<SavedFile | null>;
};

function Save({ agent, label, busy, saved, make }: SaveProps): JSX.Element {
  const told = useSignal('');
  const isBusy = useSignal(false);
  const save = async (): Promise<void> => {
    isBusy.value = true;
    told.value = busy;
    const file = await agent.converse(make);
    isBusy.value = false;
    if (file !== null) saveFile(file);
    told.value = file === null ? say.failed : saved(file.name);
  };
  return (
    <div class="buttons">
      <button type="button" disabled={isBusy.value} onClick={() => void save()}>
        {label}
      </button>
      <p class="quiet" role="status">
        {told.value}
      </p>
    </div>
  );
}

export function Wipe({ agent, wipe }: { agent: Agent; wipe: WipeAnswer }): JSX.Element {
  return (
    <section class="card" aria-labelledby="wipe-heading">
      <h2 id="wipe-heading">{say.wipe.heading}</h2>
      <p class={wipe.safe ? 'answer answer-yes' : 'answer'}>
        <Icon name={wipe.safe ? 'check' : 'warning'} /> <strong>{wipe.safe ? say.wipe.yes : say.wipe.no}</strong>
      </p>
      {!wipe.safe && (
        <ul class="reasons">
          {wipe.reasons.map(({ code, count }) => (
            <li key={code}>{say.wipe.reasons[code](count)}</li>
          ))}
        </ul>
      )}
      {wipe.safe && (
        <>
          <p class="quiet">{say.wipe.hint}</p>
          <Save
            agent={agent}
            label={say.wipe.save}
            busy=""
            saved={say.wipe.saved}
            make={(client) => client.pc.certificate()}
          />
        </>
      )}
    </section>
  );
}

export function Help({ agent, state }: { agent: Agent; state: Snapshot }): JSX.Element {
  const { help } = state.settings;
  return (
    <section class="card" aria-labelledby="help-heading">
      <h2 id="help-heading">{say.help.heading}</h2>
      <p>{help === undefined ? say.help.nobody : <strong>{say.help.call(help.name, help.phone)}</strong>}</p>
      <p class="quiet">{say.help.hint}</p>
      <Save
        agent={agent}
        label={say.help.save}
        busy={say.help.saving}
        saved={say.help.saved}
        make={(client) => client.pc.diagnostics()}
      />
    </section>
  );
}
