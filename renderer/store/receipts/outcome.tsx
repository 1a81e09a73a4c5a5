// What became of the receipt that was asked for, in sentences.
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { ReceiptOutcome } from '../../../protocol/local/exceptions.ts';
import type { RecentRow } from '../../../protocol/local/rooms/receipts.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { shownNumber } from './rows.ts';

const say = words.recent;
type Answer = { row: RecentRow; outcome: ReceiptOutcome | null };

function Sentences({ row, outcome }: Answer): JSX.Element {
  return (
    <div>
      <p>
        <strong>
          {say.kinds[row.kind]} {shownNumber(row)}
        </strong>{' '}
        {outcome === null ? say.noOutcome : outcome.sentence}
      </p>
      {outcome !== null && outcome.lines.length > 0 && (
        <ul>
          {outcome.lines.map(({ line, sku, sentence }) => (
            <li key={line}>
              {say.line(line, sku)}: {sentence}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Empty until a receipt is asked for. */
export function Outcome({ agent, asked }: { agent: Agent; asked: Signal<RecentRow | null> }): JSX.Element {
  const answer = useSignal<Answer | null>(null);
  useSignalEffect(() => {
    const row = asked.value;
    answer.value = null;
    if (row === null) return;
    let left = false;
    const { epoch, seq } = row;
    void agent
      .ask((client, signal) => client.receipts.outcome({ epoch, seq }, { signal }))
      .then((outcome) => {
        if (!left) answer.value = { row, outcome };
      });
    return () => {
      left = true;
    };
  });
  return (
    <div class="outcome" role="status">
      {answer.value !== null && (
        <>
          <Sentences {...answer.value} />
          <button
            type="button"
            onClick={() => {
              asked.value = null;
            }}
          >
            {say.close}
          </button>
        </>
      )}
    </div>
  );
}
