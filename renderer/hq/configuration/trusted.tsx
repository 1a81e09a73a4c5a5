// Whose signatures count for a configuration, how many of each, and until when.
import type { JSX } from 'preact';
import type { TrustRow } from '../../../protocol/hq/configuration.ts';
import { words } from '../words.ts';

const say = words.configuration.trust;

type TrustedProps = { trust: TrustRow | null; isTold: boolean; now: number };

/** Nothing until central has told it; the commands to begin with where nobody may sign yet. */
export function Trusted({ trust, isTold, now }: TrustedProps): JSX.Element | null {
  if (!isTold) return null;
  return (
    <section class="card" aria-labelledby="trust-heading">
      <h2 id="trust-heading">{say.heading}</h2>
      {trust === null ? (
        <>
          <p class="quiet">{say.none}</p>
          <p class="exact">{say.how}</p>
        </>
      ) : (
        <>
          <dl class="trusted">
            {trust.roles.map(({ role, threshold, keys }) => (
              <div key={role}>
                <dt>{say.roles[role]}</dt>
                <dd>
                  {keys.map(({ name }) => name).join(', ')}
                  {keys.length > 1 && <span class="quiet"> {say.threshold(threshold)}</span>}
                </dd>
              </div>
            ))}
          </dl>
          <p class={trust.expiresMs <= now ? 'remainder' : 'quiet'}>
            {trust.expiresMs <= now ? say.expired(trust.expiresMs) : say.until(trust.expiresMs)}
          </p>
        </>
      )}
    </section>
  );
}
