// What somebody may do about a rollout: approve, pause, let it go on, take it back. Each asks first.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { WhoAmI } from '../../../protocol/hq/accounts.ts';
import type { RolloutRow } from '../../../protocol/hq/rollouts.ts';
import type { Central } from '../central.ts';
import { words } from '../words.ts';
import { Question } from './question.tsx';
import { type Act, possibleActs } from './tally.ts';

const say = words.configuration.acts;

const mayDo = (act: Act, { actions }: WhoAmI): boolean => actions.includes(act === 'approve' ? 'approve' : 'configure');

type ActsProps = { rollout: RolloutRow; central: Central; who: WhoAmI; look: () => Promise<void> };

export function Acts({ rollout, central, who, look }: ActsProps): JSX.Element {
  const asked = useSignal<Act | null>(null);
  const told = useSignal('');
  const possible = possibleActs(rollout);
  // Whoever published it is not the second person.
  const isOwn = possible.includes('approve') && rollout.by === who.account;
  const acts = possible.filter((act) => mayDo(act, who) && !(act === 'approve' && isOwn));
  const path = { approve: 'approval', pause: 'pause', resume: 'resume', abort: 'abort' };

  /** A sentence where it was declined. */
  async function act(wish: Act, reason: string): Promise<string | null> {
    const answer = await central.post<RolloutRow>(
      `/rollouts/${rollout.id}/${path[wish]}`,
      wish === 'approve' ? {} : { reason },
    );
    await look();
    if (!answer.ok) return answer.message === '' ? say.noAnswer : answer.message;
    told.value = say.done[wish];
    return null;
  }

  return (
    <section class="card acts" aria-label={say.heading}>
      <div class="buttons">
        {acts.map((one) => (
          <button
            key={one}
            type="button"
            class={one === 'abort' ? 'danger' : one === 'approve' ? 'primary' : undefined}
            onClick={() => {
              told.value = '';
              asked.value = one;
            }}
          >
            {say.buttons[one]}
          </button>
        ))}
      </div>
      {possible.length === 0 && <p class="quiet">{say.ended}</p>}
      {isOwn && <p class="quiet">{say.ownApproval}</p>}
      {possible.length > 0 && acts.length === 0 && !isOwn && <p class="quiet">{say.mayNot}</p>}
      <p role="status" class="said">
        {told.value}
      </p>
      {asked.value !== null && (
        <Question
          key={asked.value}
          act={asked.value}
          rollout={rollout}
          confirm={act}
          over={() => {
            asked.value = null;
          }}
        />
      )}
    </section>
  );
}
