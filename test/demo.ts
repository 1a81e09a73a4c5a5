// Runs `npm start` or its program and reads what it prints, for tests and pictures.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Demo = {
  windowUrl: string;
  centralUrl: string;
  /** Its data folder. */
  folder: string;
  type(words: string): void;
  /** Types quit and waits; the exit code. */
  quit(): Promise<number | null>;
};

const PRINTED: Record<'windowUrl' | 'centralUrl' | 'folder', RegExp> = {
  windowUrl: /^Store window of \S+:\s+(\S+)/,
  centralUrl: /^Central:\s+(\S+)/,
  folder: /^Data:\s+(\S+)/,
};

/** Resolves when all its addresses are printed; rejects where it ends before. */
export async function startDemo(command: string, args: string[], cwd: string): Promise<Demo> {
  const child = spawn(command, args, {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const printed = await addresses(child, ended);
  const type = (words: string): void => void child.stdin.write(`${words}\n`);
  return {
    ...printed,
    type,
    quit() {
      if (child.exitCode === null) type('quit');
      return ended;
    },
  };
}

function addresses(child: ChildProcess, ended: Promise<number | null>) {
  const found = { windowUrl: '', centralUrl: '', folder: '' };
  return new Promise<typeof found>((resolve, reject) => {
    void ended.then((code) => reject(new Error(`it ended with ${code} before it printed its addresses`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      for (const [name, pattern] of Object.entries(PRINTED)) {
        const value = pattern.exec(line)?.[1];
        if (value !== undefined) found[name as keyof typeof found] = value;
      }
      if (Object.values(found).every((value) => value !== '')) resolve(found);
    });
  });
}
