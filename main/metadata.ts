// What @peculiar/x509 asks of its host before it is loaded: notes about classes, kept beside them.
type Notes = Map<unknown, unknown>;

const notes = new WeakMap<object, Notes>();

const getOwnMetadata = (name: unknown, target: object): unknown => notes.get(target)?.get(name);

function getMetadata(name: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    if (notes.get(at)?.has(name) === true) return getOwnMetadata(name, at);
  }
  return undefined;
}

function defineMetadata(name: unknown, value: unknown, target: object): void {
  const own = notes.get(target) ?? new Map<unknown, unknown>();
  notes.set(target, own.set(name, value));
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getMetadata, getOwnMetadata, defineMetadata });
