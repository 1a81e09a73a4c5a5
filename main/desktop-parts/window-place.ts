// Where the window opens: where it was, as far as the screens of now show that place.

export type Rectangle = { x: number; y: number; width: number; height: number };
/** Without x and y the system chooses. */
export type WindowPlace = { x?: number; y?: number; width: number; height: number };

const FIRST_SIZE = { width: 1_280, height: 800 };
export const SMALLEST = { width: 800, height: 560 };
/** So much of the title bar must be on a screen that the window can be taken hold of. */
const HOLD = { width: 120, height: 40 };

/** `screens`: work areas of the displays that exist now, in the same pixels. */
export function placeWindow(kept: Rectangle | null, screens: readonly Rectangle[]): WindowPlace {
  if (kept === null) return fit(FIRST_SIZE, screens[0]);
  const screen = screens.find((each) => canBeHeld(kept, each));
  const size = fit(kept, screen ?? screens[0]);
  return screen === undefined ? size : { x: kept.x, y: kept.y, ...size };
}

function fit({ width, height }: { width: number; height: number }, screen: Rectangle | undefined): WindowPlace {
  return {
    width: Math.max(SMALLEST.width, Math.min(width, screen?.width ?? width)),
    height: Math.max(SMALLEST.height, Math.min(height, screen?.height ?? height)),
  };
}

function canBeHeld({ x, y, width }: Rectangle, screen: Rectangle): boolean {
  const shown = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return shown >= HOLD.width && y >= screen.y && y <= screen.y + screen.height - HOLD.height;
}
