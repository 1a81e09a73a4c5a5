// The session machine by example: when it stops, and when it starts again.
import { describe, expect, test } from 'vitest';
import { OWED_HELLOS_MAX } from '../../core/limits/conversation.ts';
import { FORKS_MAX } from '../../core/limits/uplink.ts';
import { REJECTS_MAX, TURNED_AWAY_WAIT_MS } from '../../core/limits.ts';
import { CONTRADICTED, FORK, FORKS, UNGRANTED } from '../../sync/reasons.ts';
import { step } from '../../sync/session.ts';
import type { Input } from '../../sync/session-words.ts';
import { viewOf } from '../../sync/uplink-state.ts';
import { facts, kinds, LINKED, mark, offered, reject, run, welcomed } from './session-steps.ts';

describe('stopping', () => {
  test.each([
    ['a mark with another chain', mark(30, { sameHistory: false })],
    ['a mark beyond the journal', mark(51)],
    ['a welcome with another history', { kind: 'welcome', facts: facts({ standing: 'other', ordinal: 4, seq: 9 }) }],
  ] satisfies [string, Input][])('%s begins a new epoch, then says hello again (L7)', (_, input) => {
    const ordinal = input.kind === 'welcome' ? input.facts.ordinal : 1;
    const before = input.kind === 'welcome' ? LINKED : [...welcomed({ tip: 50 }), offered(1, 50)];
    const { session, effects } = run([...before, input]);
    expect(effects).toContainEqual({ kind: 'begin-epoch', reason: FORK, above: ordinal });
    expect(kinds(effects)).toEqual(['begin-epoch', 'wake', 'forget-fork']);
    expect(run([mark(50), { kind: 'welcome', facts: facts() }], session).effects).toEqual([]);
    const again = run([{ kind: 'epoch-begun', ordinal: ordinal + 1 }], session);
    expect(kinds(again.effects)).toEqual(['greet', 'wake']);
    expect(run([{ kind: 'welcome', facts: facts() }], again.session).session.at).toBe('streaming');
  });

  test('a new epoch that the journal has not begun is begun again, on the next line too; nothing else is said', () => {
    const forked = run(welcomed({ standing: 'other', ordinal: 2 })).session;
    expect(kinds(run([{ kind: 'timeout' }], forked).effects)).toEqual(['begin-epoch', 'wake']);
    const cut: Input[] = [{ kind: 'unlinked', reason: 'cut' }, { kind: 'timeout' }, { kind: 'linked' }];
    expect(kinds(run(cut, forked).effects)).toEqual(['begin-epoch', 'wake']);
    expect(run([{ kind: 'epoch-begun', ordinal: 2 }], forked).session).toEqual(forked);
  });

  test('forks again and again within an hour: held until a person acts, without one more epoch', () => {
    let session = run(LINKED).session;
    const forks: Input[] = [
      { kind: 'welcome', facts: facts({ standing: 'other' }) },
      { kind: 'epoch-begun', ordinal: 9 },
    ];
    for (let i = 0; i < FORKS_MAX; i++) session = run(forks, session).session;
    const forgotten = run([{ kind: 'fork-forgotten' }], session).session;
    expect(kinds(run(forks.slice(0, 1), forgotten).effects)).toContain('begin-epoch');
    const { session: held, effects } = run(forks, session);
    expect(run(forks.slice(0, 1), session).effects).toEqual([{ kind: 'hold', reason: FORKS }, { kind: 'hang-up' }]);
    expect({ at: held.at, effects }).toEqual({ at: 'held', effects: [] });
    const inputs: Input[] = [{ kind: 'timeout' }, { kind: 'resume' }, { kind: 'captured', tip: 3 }, { kind: 'linked' }];
    for (const input of inputs) expect(step(held, input, 0)).toEqual([held]);
  });

  test('a fenced instance stays away', () => {
    const { session, effects } = run([...welcomed({ tip: 5 }), { kind: 'fence', reason: 'another computer' }]);
    expect(kinds(effects)).toEqual(['hold', 'hang-up']);
    expect(viewOf(session, 7, null)).toEqual({
      line: 'held',
      sinceMs: 7,
      reason: 'another computer',
      inFlight: 0,
      trial: false,
      renewedMs: null,
    });
  });

  test.each(['version', 'key', 'signature'] as const)(
    'turned away for its %s again and again: shown as held, tried again later',
    (code) => {
      const asked = (nth: number): Input[] => (nth === 0 ? LINKED : [{ kind: 'timeout' }]);
      const refused = Array.from({ length: REJECTS_MAX + 1 }, (_, nth) => [...asked(nth), reject(code)]).flat();
      expect(run(refused.slice(0, -2)).session).toMatchObject({ at: 'greeting', reason: `because of ${code}` });
      const away = run(refused);
      expect(away.effects).toEqual([
        { kind: 'hold', reason: `because of ${code}` },
        { kind: 'hang-up' },
        { kind: 'wake', afterMs: TURNED_AWAY_WAIT_MS },
      ]);
      const again = run([{ kind: 'timeout' }, { kind: 'linked' }], away.session);
      expect(kinds(again.effects)).toEqual(['greet', 'wake']);
      expect(viewOf(again.session, 0, null)).toMatchObject({ line: 'held', reason: `because of ${code}` });
      expect(run([reject(code)], again.session).session).toMatchObject({ at: 'held', retry: true });
      const back = run([{ kind: 'welcome', facts: facts() }], again.session);
      expect(viewOf(back.session, 0, null)).toMatchObject({ line: 'online', reason: null });
    },
  );

  test.each(['version', 'key', 'signature', 'malformed'] as const)(
    '%s for what someone else said in our name costs a hello each time, no more while entries get through',
    (code) => {
      let session = run(welcomed({ tip: 1_000 })).session;
      for (let seq = 1; seq < 50; seq++) {
        const again: Input[] = [{ kind: 'timeout' }, { kind: 'welcome', facts: facts({ seq, tip: 1_000 }) }];
        session = run([reject(code), ...again], session).session;
        expect(session).toMatchObject({ at: 'streaming', acked: seq });
      }
    },
  );

  test('where central contradicts what it signed before, its last word counts: ours is set aside, then asked anew', () => {
    const contradicted = (keeps: number | null): Input => ({ kind: 'contradicted', keeps });
    const givingBack = welcomed({ tip: 5, applied: 7, stated: 4 });
    for (const [inputs, after] of [
      [[...welcomed({ tip: 5 }), contradicted(0)], 0],
      [[...LINKED, contradicted(2)], 2],
      [welcomed({ standing: 'contradicted', keeps: 3 }), 3],
      [[...LINKED, reject('chain')], 0],
      [[...givingBack, reject('chain')], 4],
    ] satisfies [Input[], number][]) {
      const { session, effects } = run(inputs);
      expect(session).toMatchObject({ at: 'greeting', asked: false, forks: 1 });
      expect(effects).toContainEqual({ kind: 'supersede', after });
      expect(kinds(run([{ kind: 'superseded' }], session).effects)).toEqual(['greet', 'wake']);
    }
  });

  test('contradictions that come again and again, or are not about decisions, are for a person; tried again later', () => {
    const again: Input[] = [{ kind: 'contradicted', keeps: 0 }, { kind: 'superseded' }];
    const often = [...LINKED, ...Array.from({ length: FORKS_MAX }, () => again).flat()];
    expect(run(often).session).toMatchObject({ at: 'greeting', asked: true });
    expect(run([...often, ...again]).session).toMatchObject({ at: 'held', retry: true, reason: CONTRADICTED });
    const branch = run([...welcomed({ tip: 5 }), { kind: 'contradicted', keeps: null }]).session;
    expect(branch).toMatchObject({ at: 'held', retry: true, reason: CONTRADICTED });
  });

  test('an entry that central refuses while it takes decisions back costs patience, not decisions', () => {
    const sending = run([...welcomed({ tip: 5, applied: 7, stated: 4 }), { kind: 'prepared', session: 's1' }]).session;
    expect(run([reject('chain')], sending).session).toMatchObject({ at: 'greeting', rejects: 1, forks: 0 });
  });

  test('a new journal that central has not granted waits for it', () => {
    const ungranted: Input = { kind: 'welcome', facts: facts({ standing: 'ungranted' }) };
    let { session, effects } = run(LINKED);
    for (let asked = 0; asked <= OWED_HELLOS_MAX; asked++) {
      ({ session, effects } = run([ungranted], session));
      expect(kinds(effects)).toEqual(['wake']);
      expect(session).toMatchObject({ at: 'greeting', asked: false, reason: UNGRANTED });
      ({ session } = run([{ kind: 'timeout' }], session));
    }
    expect(run([ungranted], session).session).toMatchObject({ at: 'held', retry: true, reason: UNGRANTED });
    expect(run([...LINKED, reject('epoch')]).session).toMatchObject({ at: 'held', retry: true });
  });

  test('unless it has directives that central lost: those go back first, whatever central is at meanwhile', () => {
    const given = welcomed({
      standing: 'ungranted',
      ordinal: 2,
      seq: 7,
      tip: 50,
      applied: 5,
      stated: 2,
      missing: true,
    });
    const begun = run(given);
    expect(begun.effects).toEqual([
      { kind: 'prepare', give: 2, digest: false },
      { kind: 'wake', afterMs: expect.any(Number) },
    ]);
    const giving = run([{ kind: 'elsewhere', session: 's1' }], begun.session);
    expect(giving).toMatchObject({ session: { at: 'streaming' }, effects: [] });
    const done = run([{ kind: 'prepared', session: 's1' }], giving.session);
    expect(done.session).toMatchObject({ at: 'greeting', asked: false });
    expect(kinds(done.effects)).toEqual(['wake']);
    expect(kinds(run([{ kind: 'timeout' }], done.session).effects)).toEqual(['greet', 'wake']);
  });

  test('who cannot prove to be central can only slow it down', () => {
    const { session, effects } = run([...LINKED, reject('key', false)]);
    expect(session).toMatchObject({ at: 'greeting', asked: false, reason: 'because of key' });
    expect(kinds(effects)).toEqual(['wake']);
    expect(run([{ kind: 'doubted', reason: 'who?' }], session).session).toMatchObject({ reason: 'who?' });
  });
});

describe('starting over', () => {
  test.each(['session', 'gap'] as const)(
    '%s: a new hello after a short wait; more of them in between are late',
    (code) => {
      const paused = run([...welcomed({ tip: 50 }), offered(1, 50), reject(code)]);
      expect(kinds(paused.effects)).toEqual(['wake']);
      expect(run([reject(code)], paused.session).effects).toEqual([]);
      expect(kinds(run([{ kind: 'timeout' }], paused.session).effects)).toEqual(['greet', 'wake']);
    },
  );

  test('a fault that repeats without progress ends in a long wait', () => {
    let session = run(welcomed({ tip: 50 })).session;
    for (let i = 0; i < REJECTS_MAX; i++) {
      session = run(
        [reject('chain'), { kind: 'timeout' }, { kind: 'welcome', facts: facts({ tip: 50 }) }],
        session,
      ).session;
    }
    expect(session.at).toBe('streaming');
    expect(run([reject('chain')], session).session).toMatchObject({ at: 'held', retry: true });
  });

  test('central coming back is greeted within a spread, not at once', () => {
    const [session, wake] = step(run(welcomed({ tip: 5 })).session, { kind: 'central-present' }, 0.5);
    expect(wake).toEqual({ kind: 'wake', afterMs: 500 });
    expect(session).toMatchObject({ at: 'greeting', asked: false });
    const welcome: Input = { kind: 'welcome', facts: facts({ session: 's2' }) };
    expect(run([welcome], session).session.at).toBe('streaming');
  });

  test('after sleep, or when a person asks, it tries at once', () => {
    const waiting = run([{ kind: 'resume' }, { kind: 'unlinked', reason: 'no' }]).session;
    expect(kinds(run([{ kind: 'resume' }], waiting).effects)).toEqual(['dial', 'wake']);
    expect(kinds(run([...welcomed({ tip: 5 }), { kind: 'resume' }]).effects)).toEqual(['greet', 'wake']);
  });
});
