// A background process and a clock that a test holds in its hands.
import type { FromBackground, ToBackground } from '../../protocol/local/desktop.ts';

export type FakePort = { name: string };

export type FakeChild = {
  posted: { message: ToBackground; ports: FakePort[] }[];
  killed: boolean;
  say(message: FromBackground | unknown): void;
  end(): void;
};

export type FakeTime = {
  after(ms: number, call: () => void): () => void;
  monotonicMs(): number;
  /** Lets so much time pass, and everything happen that is due. */
  pass(ms: number): void;
};

export function fakeTime(): FakeTime {
  let nowMs = 0;
  let timers: { atMs: number; call: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    after(ms, call) {
      const timer = { atMs: nowMs + ms, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        nowMs = next.atMs;
        timers = timers.filter((each) => each !== next);
        next.call();
      }
      nowMs = endMs;
    },
  };
}

/** `fork` as a supervisor calls it; `children` are all that were ever started. */
export function fakeFork() {
  const children: FakeChild[] = [];
  const fork = (heard: (raw: unknown) => void, ended: () => void) => {
    const child: FakeChild = { posted: [], killed: false, say: heard, end: ended };
    children.push(child);
    return {
      post: (message: ToBackground, ports: FakePort[]) => void child.posted.push({ message, ports }),
      kill: () => {
        child.killed = true;
      },
    };
  };
  const last = (): FakeChild => {
    const child = children.at(-1);
    if (child === undefined) throw new Error('nothing was started');
    return child;
  };
  return { children, fork, last };
}
