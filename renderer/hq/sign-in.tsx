// Who asks: name and password, where central wants to know.
import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PASSWORD_LENGTH_MAX } from '../../core/limits/accounts.ts';
import type { Session } from './who.ts';
import { words } from './words.ts';

const say = words.session;

export function SignIn({ session }: { session: Session }): JSX.Element {
  const { at } = session.standing.value;
  if (at === 'out' || at === 'over') return <Form session={session} isOver={at === 'over'} />;
  return (
    <>
      <h1 class="unseen">{words.place}</h1>
      <p class="card empty" role="status">
        {at === 'absent' ? say.absent : words.headline.opening}
      </p>
    </>
  );
}

function Form({ session, isOver }: { session: Session; isOver: boolean }): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  const told = useSignal(isOver ? say.over : '');
  const isAsking = useSignal(false);
  useLayoutEffect(() => first.current?.focus(), []);
  async function submit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    isAsking.value = true;
    told.value = '';
    const declined = await session.signIn(String(given.get('name') ?? ''), String(given.get('password') ?? ''));
    isAsking.value = false;
    if (declined !== null) told.value = declined === '' ? say.absent : declined;
  }
  return (
    <form class="card sign-in" onSubmit={submit}>
      <h1>{say.heading}</h1>
      <label>
        {say.name}
        <input ref={first} name="name" required autoComplete="username" spellcheck={false} autocapitalize="none" />
      </label>
      <label>
        {say.password}
        <input
          name="password"
          type="password"
          required
          maxLength={PASSWORD_LENGTH_MAX}
          autoComplete="current-password"
        />
      </label>
      <p role="status" class="said">
        {told.value}
      </p>
      <button type="submit" class="primary" disabled={isAsking.value}>
        {isAsking.value ? say.asking : say.signIn}
      </button>
    </form>
  );
}
