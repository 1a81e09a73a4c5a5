// The objects and lists that stand under known keys of a body, each read by itself.

import type { FeedItem } from '../feed.ts';
import { type BodyContext, type BodyReader, checkOneStore, emptyList, safely } from './feed.ts';
import { wordOf } from './fields.ts';
import { type BodyNode, elementsOf, memberOf } from './node.ts';

export type BodyParts = {
  objects: Record<string, BodyReader>;
  lists: Record<string, BodyReader>;
  /** Field of a list's elements that names their location: those of several need a store number in the settings. */
  location?: string | undefined;
};

/** Nothing where none of these keys is there. */
export function partsOf(node: BodyNode, { objects, lists, location }: BodyParts, context: BodyContext): FeedItem[] {
  const alone = Object.entries(objects).flatMap(([key, read]) => {
    const inner = memberOf(node, key);
    return inner === null ? [] : oneOf(key, inner, read, context);
  });
  const listed = Object.entries(lists).flatMap(([key, read]) => {
    const elements = elementsOf(node, key);
    if (elements === null) return [];
    if (elements.length === 0) return [emptyList(key)];
    if (location !== undefined) checkOneStore(elements, location, context);
    return elements.flatMap((one, nth) => oneOf(`${key} ${nth + 1}`, one, read, context));
  });
  return [...alone, ...listed];
}

/** One object; what is wrong with it concerns nothing else. */
export const oneOf = (place: string, node: BodyNode, read: BodyReader, context: BodyContext): FeedItem[] =>
  safely(place, node, () => read(node, context), wordOf(node.fields, 'id'));
