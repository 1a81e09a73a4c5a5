// Who counts at this window: asked once, remembered until the window is closed.
import { type Signal, signal } from '@preact/signals';

const STORED_AS = 'tillwire-counter';

function remembered(): string {
  try {
    return sessionStorage.getItem(STORED_AS) ?? '';
  } catch {
    return '';
  }
}

export const counter: Signal<string> = signal(remembered());

export function rememberCounter(name: string): void {
  counter.value = name;
  try {
    sessionStorage.setItem(STORED_AS, name);
  } catch {
    // Where nothing can be remembered it is asked again by the next page.
  }
}
