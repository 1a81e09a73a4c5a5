// How tills on other PCs reach this one, for whoever sets one up.
import type { JSX } from 'preact';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';

const say = words.tills.onNetwork;

export function OtherTills({ state: { lan } }: { state: Snapshot }): JSX.Element | null {
  if (lan === null || lan === undefined) return null;
  const { urls, fingerprint, problem } = lan;
  return (
    <details class="other-tills" open={problem !== null}>
      <summary>{say.heading}</summary>
      {problem !== null && (
        <p>
          <Icon name="warning" /> {say.problem(problem)}
        </p>
      )}
      {urls.length > 0 && (
        <dl>
          <dt>{say.addresses}</dt>
          {urls.map((url) => (
            <dd key={url}>
              <code>{url}</code>
            </dd>
          ))}
          <dt>{say.fingerprint}</dt>
          <dd>
            <code>{fingerprint}</code>
          </dd>
        </dl>
      )}
    </details>
  );
}
