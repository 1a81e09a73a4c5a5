// Hands a file to the person: the browser asks where, or puts it with the downloads.
import type { SavedFile } from '../../../protocol/local/rooms/pc.ts';

export function saveFile({ name, base64 }: SavedFile): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  saveBytes(name, bytes);
}

export function saveBytes(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by the next turn, and holds the data itself.
  setTimeout(() => URL.revokeObjectURL(address));
}
