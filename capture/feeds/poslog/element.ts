// One transaction as a small tree, looked up by local names: prefixes may be undeclared when it is read again alone.

export type XmlElement = {
  /** Without prefix. */
  name: string;
  /** Its prefix is another one than the transaction's: a vendor's own element. */
  foreign: boolean;
  /** By local names; one without prefix goes before a vendor's of the same name. */
  attributes: ReadonlyMap<string, string>;
  /** Its own text, without that of its children. */
  text: string;
  children: XmlElement[];
};

export const childrenNamed = (element: XmlElement, name: string): XmlElement[] => {
  const own = element.children.filter((child) => child.name === name && !child.foreign);
  return own.length > 0 ? own : element.children.filter((child) => child.name === name);
};

/** The first child of the first of these names that there is; a vendor's only where the standard's is absent. */
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

/** True where the attribute says so; xs:boolean, and what vendors write. */
export const isFlagged = (element: XmlElement | undefined, ...names: string[]): boolean =>
  names.some((name) => /^(true|1|yes|y)$/i.test(attributeOf(element, name) ?? ''));

/** An attribute, or a child of the same name: vendors write codes in both ways; a vendor's prefix is cut off. */
export const codeOf = (element: XmlElement, name: string): string | undefined =>
  (attributeOf(element, name) ?? childText(element, name))?.replace(/^[A-Za-z0-9]{1,10}:/, '');
