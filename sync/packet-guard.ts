// Bounds what a broker may send in one MQTT packet: the parser would collect up to 256 MB before it shows anything.

/** Feed it every chunk that arrives; it calls `refuse` with the announced bytes of a packet that is too large. */
export function makePacketGuard(bytesMax: number, refuse: (bytes: number) => void): (chunk: Uint8Array) => void {
  /** Bytes of the present packet still to come. */
  let rest = 0;
  /** Inside the length field: its value so far and the worth of its next byte; worth 0 is before a packet. */
  let length = 0;
  let worth = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (rest > 0) {
        const skipped = Math.min(rest, chunk.length - at);
        rest -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (worth === 0) {
        worth = 1;
        length = 0;
        continue;
      }
      length += (byte & 127) * worth;
      worth *= 128;
      if (length > bytesMax) return refuse(length);
      if (byte < 128) {
        rest = length;
        worth = 0;
      } else if (worth > 128 ** 3) {
        return refuse(worth);
      }
    }
  };
}
