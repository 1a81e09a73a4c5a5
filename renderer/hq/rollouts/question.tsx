// Asked before anything is done about a rollout: what it means for the stores, and why it is done.
import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { REASON_LENGTH_MAX } from '../../../core/limits.ts';
import type { RolloutRow } from '../../../protocol/hq/rollouts.ts';
import { words } from '../words.ts';
import { type Act, progressOf } from './tally.ts';

const say = words.configuration.acts;

function explain(act: Act, rollout: RolloutRow): string {
  if (act === 'abort') return say.explain.abort(progressOf(rollout).having);
  if (act === 'approve') return say.explain.approve(rollout.rings[0]?.name ?? '');
  return say.explain[act];
}

type QuestionProps = {
  act: Act;
  rollout: RolloutRow;
  /** A sentence where it was declined. */
  confirm: (act: Act, reason: string) => Promise<string | null>;
  over: () => void;
};

export function Question({ act, rollout, confirm, over }: QuestionProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const problem = useSignal('');
  const isAsking = useSignal(false);
  useEffect(() => dialog.current?.showModal(), []);
  async function submit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (isAsking.value || (act !== 'approve' && reason === '')) return;
    isAsking.value = true;
    problem.value = '';
    const declined = await confirm(act, reason);
    isAsking.value = false;
    if (declined === null) dialog.current?.close();
    else problem.value = declined;
  }
  return (
    <dialog ref={dialog} class="sure" aria-labelledby="sure-heading" onClose={over}>
      <form onSubmit={submit}>
        <h2 id="sure-heading">{say.sure[act](rollout.revision)}</h2>
        <p>
          <strong>{rollout.title}</strong>
        </p>
        <p>{explain(act, rollout)}</p>
        {act !== 'approve' && (
          <label>
            {say.reason}
            <input name="reason" required maxLength={REASON_LENGTH_MAX} autoComplete="off" />
          </label>
        )}
        <p role="status" class="said">
          {problem.value}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {say.no}
          </button>
          <button type="submit" class={act === 'abort' ? 'danger solid' : 'primary'} disabled={isAsking.value}>
            {say.yes[act]}
          </button>
        </div>
      </form>
    </dialog>
  );
}
