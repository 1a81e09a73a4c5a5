// The top of the window: sign, sentence, figure.
import type { JSX } from 'preact';
import { number } from '../../kit/format.ts';
import { StateSign } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { linkTo } from '../place.ts';
import type { Headline } from './headline.ts';

/** `small`: in the other rooms, where it is one line that leads back. */
export function Hero({ small, ...headline }: Headline & { small: boolean }): JSX.Element {
  return small ? <Line {...headline} /> : <Whole {...headline} />;
}

function Line({ tone, sign, sentence, figure }: Headline): JSX.Element {
  return (
    <a class="hero-line" data-tone={tone} href={linkTo('now')}>
      <span class="hero-sign">
        <StateSign name={sign} />
      </span>
      <strong>{sentence}</strong>
      {sign === 'good' && figure !== null && ` · ${number(figure.value)} ${figure.label}`}
    </a>
  );
}

function Whole({ tone, sign, sentence, figure, detail, todo, way, progress }: Headline): JSX.Element {
  return (
    <section class="hero" data-tone={tone} aria-labelledby="headline">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="headline">{sentence}</h1>
        <p>{detail}</p>
        {todo !== null && <p class="hero-todo">{todo}</p>}
        {way !== null && (
          <p>
            <a class="hero-way" href={way.href}>
              {way.label}
            </a>
          </p>
        )}
        {progress !== null && (
          <progress class="hero-progress" aria-label={words.headline.progress} max={1} value={progress} />
        )}
      </div>
      {figure !== null && (
        <p class="hero-figure">
          <strong>{number(figure.value)}</strong> <span>{figure.label}</span>
        </p>
      )}
    </section>
  );
}
