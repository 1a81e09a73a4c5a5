// Every rollout so far, newest first: how it stands, how many stores are well with it.
import type { JSX } from 'preact';
import type { RolloutRow } from '../../../protocol/hq/rollouts.ts';
import { moment } from '../../kit/format.ts';
import { StateSign } from '../../kit/icons.tsx';
import { linkToRevision, linkToRollout } from '../place.ts';
import { words } from '../words.ts';
import { lookOfRollout, progressOf } from './tally.ts';

const say = words.configuration;

export function RolloutList({ rollouts, now }: { rollouts: RolloutRow[]; now: number }): JSX.Element {
  return (
    <section class="card" aria-labelledby="rollouts-heading">
      <h2 id="rollouts-heading">{say.rollouts.heading}</h2>
      <div class="wide">
        <table class="table rollout-list">
          <caption class="unseen">{say.rollouts.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{say.rollouts.what}</th>
              <th scope="col">{say.rollouts.title}</th>
              <th scope="col">{say.rollouts.state}</th>
              <th scope="col">{say.rollouts.progress}</th>
              <th scope="col">{say.rollouts.begun}</th>
            </tr>
          </thead>
          <tbody>
            {rollouts.map((rollout) => (
              <Row key={rollout.id} rollout={rollout} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ rollout, now }: { rollout: RolloutRow; now: number }): JSX.Element {
  const { id, revision, title, state, by, publishedMs } = rollout;
  const { tone, sign } = lookOfRollout(rollout);
  const { stores, well, failed } = progressOf(rollout);
  return (
    <tr>
      <th scope="row" class="name">
        <a href={linkToRollout(id)}>{say.revision(revision)}</a>
      </th>
      <td class="title">
        <a href={linkToRevision(revision)}>{title}</a>
      </td>
      <td>
        <span class="row-sign" data-tone={tone}>
          <StateSign name={sign} />
        </span>
        {say.rollouts.states[state]}
      </td>
      <td>
        {say.rollouts.wellOf(well, stores)}
        {failed > 0 && <span class="remainder"> {say.rollouts.failed(failed)}</span>}
      </td>
      <td>{say.rollouts.byWhen(by, moment(publishedMs, now))}</td>
    </tr>
  );
}
