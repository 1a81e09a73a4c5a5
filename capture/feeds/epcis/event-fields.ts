// Which fields an event must and may have, beyond their types.
import { EPCIS_FIELDS_MAX, EPCIS_QUANTITIES_MAX, EPCIS_SHOWN_LENGTH_MAX } from '../../../core/limits/feeds.ts';

const COMMON = [
  'type',
  'eventTime',
  'recordTime',
  'eventTimeZoneOffset',
  'eventID',
  'errorDeclaration',
  'certificationInfo',
  'bizStep',
  'disposition',
  'persistentDisposition',
  'readPoint',
  'bizLocation',
  'bizTransactionList',
  'sourceList',
  'destinationList',
  'sensorElementList',
];
const GOODS: Record<string, string[]> = {
  ObjectEvent: ['epcList', 'quantityList'],
  AggregationEvent: ['childEPCs', 'childQuantityList'],
  AssociationEvent: ['childEPCs', 'childQuantityList'],
  TransactionEvent: ['epcList', 'quantityList'],
  TransformationEvent: ['inputEPCList', 'inputQuantityList', 'outputEPCList', 'outputQuantityList'],
};
const MORE: Record<string, string[]> = {
  ObjectEvent: ['action', 'ilmd'],
  AggregationEvent: ['action', 'parentID'],
  AssociationEvent: ['action', 'parentID'],
  TransactionEvent: ['action', 'parentID'],
  TransformationEvent: ['transformationID', 'ilmd'],
};
const QUANTITY_FIELDS = ['epcClass', 'quantity', 'uom'];
const DATE = /^\d{4}-\d{2}-\d{2}(T.*)?$/;

/** Sentences that name the field and the fix. What carries a prefix of its own vocabulary is nobody's business. */
export function fieldProblems(object: Record<string, unknown>): string[] {
  const type = String(object['type']).replace(/^epcis:/, '');
  const goods = GOODS[type];
  if (goods === undefined) return [];
  const allowed = new Set([...COMMON, ...goods, ...(MORE[type] ?? [])]);
  return [
    ...strangers(object, allowed, '', `an ${type}`.replace('an T', 'a T')),
    ...goods.flatMap((list) => quantityStrangers(object[list], list)),
    ...strangers(object['ilmd'], new Set(), 'ilmd.', 'ilmd without a prefix of its vocabulary'),
    ...missing(object, type, goods),
    ...dateProblems(object['certificationInfo'], 'certificationInfo'),
  ];
}

/** What would take long to look at closely: nobody means it. */
export function tooMuchIn(object: Record<string, unknown>): string[] {
  const fields = Object.keys(object).length;
  if (fields > EPCIS_FIELDS_MAX) return [`the event has ${fields} fields: send at most ${EPCIS_FIELDS_MAX}`];
  return Object.values(GOODS)
    .flat()
    .filter((name) => name.endsWith('QuantityList') || name === 'quantityList')
    .flatMap((name) => {
      const list = object[name];
      if (!Array.isArray(list) || list.length <= EPCIS_QUANTITIES_MAX) return [];
      return [`${name} has ${list.length} entries: send at most ${EPCIS_QUANTITIES_MAX}`];
    })
    .slice(0, 1);
}

const isExtension = (name: string): boolean => name.includes(':') || name.startsWith('@');

function strangers(value: unknown, allowed: Set<string>, where: string, what: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.keys(value)
    .filter((name) => !allowed.has(name) && !isExtension(name))
    .map(
      (name) =>
        `${where}${name.slice(0, EPCIS_SHOWN_LENGTH_MAX)} is no field of ${what}: leave it out, or check its spelling`,
    );
}

function quantityStrangers(list: unknown, name: string): string[] {
  if (!Array.isArray(list)) return [];
  const allowed = new Set(QUANTITY_FIELDS);
  return list.flatMap((each, index) => strangers(each, allowed, `${name}.${index}.`, 'a quantity'));
}

function missing(object: Record<string, unknown>, type: string, goods: string[]): string[] {
  const problems: string[] = [];
  const has = (name: string): boolean => {
    const value = object[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  };
  if (type !== 'TransformationEvent' && !has('action')) {
    problems.push('action is missing: send ADD, OBSERVE or DELETE');
  }
  const deletes = object['action'] === 'DELETE';
  if (type === 'ObjectEvent' || type === 'TransformationEvent') {
    if (!goods.some(has) && !has('sensorElementList')) {
      problems.push(`${goods[0]} is missing: name at least one thing that the event is about`);
    }
  } else if (type !== 'TransactionEvent') {
    if (!has('parentID') && (type === 'AssociationEvent' || object['action'] !== 'OBSERVE')) {
      problems.push('parentID is missing: name what the children are in');
    }
    if (!deletes && !goods.some(has)) problems.push('childEPCs is missing: name at least one child');
  } else if (!has('bizTransactionList')) {
    problems.push('bizTransactionList is missing: name the business transaction');
  }
  return problems;
}

/** Properties whose name ends in "Date", at any level. */
function dateProblems(value: unknown, where: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${where}.${name}`;
    if (typeof inner === 'string' && /Date$/.test(name) && !DATE.test(inner)) {
      return [`${path} is no date: write it as YYYY-MM-DD`];
    }
    return dateProblems(inner, path);
  });
}
