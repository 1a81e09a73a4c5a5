// Reads server-sent events out of a stream of text, as far as central uses them.

export type StreamEvent = { event: string; data: string };

/** Call it with each piece of text; what is not whole yet is kept for the next one. */
export function eventReader(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const read = readBlock(block);
      if (read !== null) onEvent(read);
    }
  };
}

/** Null of one that holds comments only: they keep the line open. */
function readBlock(block: string): StreamEvent | null {
  const fields = block.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
  });
  const all = (name: string): string[] => fields.flatMap(([field, value]) => (field === name ? [value] : []));
  const data = all('data');
  const event = all('event').at(-1);
  return data.length === 0 && event === undefined ? null : { event: event ?? 'message', data: data.join('\n') };
}
