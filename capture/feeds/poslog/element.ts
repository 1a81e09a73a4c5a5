// One transaction as a small tree, looked up by local names: prefixes may be undeclared when it is read again alone.

export type XmlElement = {
  /** Without prefix. */
  name: string;
  /** A vendor's own element: its prefix is neither the transaction's nor that of the transaction's own fields. */
  foreign: boolean;
  /** By local names; one without prefix goes before a vendor's of the same name. */
  attributes: ReadonlyMap<string, string>;
  /** Its own text, without that of its children. */
  text: string;
  children: XmlElement[];
};

const NONE: XmlElement[] = [];

/** The standard's own of that name; a vendor's only where there is none. */
export function childrenNamed({ children }: XmlElement, name: string): XmlElement[] {
  let own = NONE;
  let foreign = NONE;
  for (const child of children) {
    if (child.name !== name) continue;
    if (child.foreign && foreign === NONE) foreign = [child];
    else if (child.foreign) foreign.push(child);
    else if (own === NONE) own = [child];
    else own.push(child);
  }
  return own.length > 0 ? own : foreign;
}

/** The first child of the first of these names that there is. */
export function childNamed(element: XmlElement, ...names: string[]): XmlElement | undefined {
  for (const name of names) {
    const [first] = childrenNamed(element, name);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Text with single spaces between words, undefined where there is none: an empty element says nothing. */
export function textOf(element: XmlElement | undefined): string | undefined {
  const text = element?.text.replace(/\s+/g, ' ').trim();
  return text === undefined || text === '' ? undefined : text;
}

/** Text of the first child of these names that has any. */
export function childText(element: XmlElement, ...names: string[]): string | undefined {
  for (const name of names) {
    for (const child of childrenNamed(element, name)) {
      const text = textOf(child);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attributes.get(name)?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** True where an attribute or a child of one of these names says so; xs:boolean, and what vendors write. */
export const isFlagged = (element: XmlElement | undefined, ...names: string[]): boolean =>
  element !== undefined &&
  names.some((name) => /^(true|1|yes|y)$/i.test(attributeOf(element, name) ?? childText(element, name) ?? ''));

/** An attribute, or a child of the same name: vendors write codes in both ways; a vendor's prefix is cut off. */
export const codeOf = (element: XmlElement, name: string): string | undefined =>
  (attributeOf(element, name) ?? childText(element, name))?.replace(/^[A-Za-z0-9]{1,10}:/, '');
