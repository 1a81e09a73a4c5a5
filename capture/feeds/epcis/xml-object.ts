// An event in XML in the form that the same event has in JSON-LD, so that both are read by the same rules.
import { LosslessNumber } from 'lossless-json';
import { decimalOf } from '../figures.ts';
import type { XmlElement } from './xml-slices.ts';

/** Properties in order of appearance: a record without prototype. */
export type EventObject = Record<string, unknown>;

const EPC_LISTS = new Set(['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList']);
const QUANTITY_LISTS = new Set(['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList']);
/** EPCIS 1.2 wraps what came later; the wrappers mean nothing. */
const WRAPPERS = new Set(['extension', 'baseExtension']);

const record = (): EventObject => Object.create(null);
const textOf = (element: XmlElement): string => element.text.trim();

export function eventOfXml(element: XmlElement): EventObject {
  const event = record();
  event['type'] = element.name;
  fill(event, element);
  return element.name === 'QuantityEvent' ? quantityEvent(event) : event;
}

function fill(event: EventObject, element: XmlElement): void {
  for (const child of element.children) {
    if (!child.isOwn) addExtension(event, child);
    else if (WRAPPERS.has(child.name)) fill(event, child);
    else event[child.name in event ? `${child.name} (again)` : child.name] = fieldOf(child);
  }
}

function fieldOf(element: XmlElement): unknown {
  const { name, children } = element;
  if (EPC_LISTS.has(name)) return children.map(textOf);
  if (QUANTITY_LISTS.has(name)) return children.map(quantityElement);
  switch (name) {
    case 'readPoint':
    case 'bizLocation':
      return plainObject(element);
    case 'bizTransactionList':
      return children.map((child) => typed(child, 'bizTransaction'));
    case 'sourceList':
      return children.map((child) => typed(child, 'source'));
    case 'destinationList':
      return children.map((child) => typed(child, 'destination'));
    case 'persistentDisposition':
      return { set: named(element, 'set'), unset: named(element, 'unset') };
    case 'errorDeclaration':
      return errorDeclaration(element);
    case 'sensorElementList':
      return children.map(() => record());
    case 'certificationInfo':
    case 'ilmd':
      return tree(element);
    default:
      return children.length > 0 ? tree(element) : textOf(element);
  }
}

const named = (element: XmlElement, name: string): string[] =>
  element.children.filter((child) => child.name === name).map(textOf);

function typed(element: XmlElement, name: string): EventObject {
  const out = record();
  const type = element.attributes.find((attribute) => attribute.name === 'type' && attribute.isOwn);
  if (type !== undefined) out['type'] = type.value;
  out[name] = textOf(element);
  return out;
}

/** xsi:nil is how XML says that a quantity is not known. */
function quantityElement(element: XmlElement): EventObject {
  const out = record();
  for (const child of element.children) {
    const isNil = child.attributes.some(({ name, value }) => name === 'nil' && /^(true|1)$/.test(value.trim()));
    if (isNil) continue;
    const text = textOf(child);
    out[propertyName(child)] = child.name === 'quantity' ? numberOf(text) : text;
  }
  return out;
}

function numberOf(text: string): unknown {
  const figure = decimalOf(text);
  return figure.ok ? new LosslessNumber(figure.text) : text;
}

function errorDeclaration(element: XmlElement): EventObject {
  const out = record();
  for (const child of element.children) {
    if (!child.isOwn) addExtension(out, child);
    else if (child.name === 'correctiveEventIDs') out[child.name] = child.children.map(textOf);
    else if (!WRAPPERS.has(child.name)) out[child.name] = textOf(child);
  }
  return out;
}

function plainObject(element: XmlElement): EventObject {
  const out = record();
  for (const child of element.children) if (child.isOwn && !WRAPPERS.has(child.name)) out[child.name] = textOf(child);
  return out;
}

const propertyName = (element: XmlElement): string => (element.isOwn ? element.name : `ext:${element.name}`);

/** Elements of any vocabulary: texts, objects, and lists where a name comes again. */
function tree(element: XmlElement): unknown {
  if (element.children.length === 0) return textOf(element);
  const out = record();
  for (const child of element.children) addTo(out, propertyName(child), tree(child));
  return out;
}

const addExtension = (out: EventObject, element: XmlElement): void => addTo(out, propertyName(element), tree(element));

function addTo(out: EventObject, name: string, value: unknown): void {
  const before = out[name];
  if (before === undefined) out[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else out[name] = [before, value];
}

/** The event of EPCIS 1 that counts a class of goods, as what took its place. */
function quantityEvent(event: EventObject): EventObject {
  const { epcClass, quantity, ...rest } = event;
  const out: EventObject = Object.assign(record(), rest);
  out['type'] = 'ObjectEvent';
  out['action'] = 'OBSERVE';
  out['quantityList'] = [{ epcClass, quantity: typeof quantity === 'string' ? numberOf(quantity) : quantity }];
  return out;
}
