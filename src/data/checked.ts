/**
 * Takes values out of parsed JSON that nobody vouches for. Each function returns what it checked or throws a
 * FormatError that names the field; none of them trusts a prototype.
 */
import { FormatError, show } from '../errors.js';

/** The own field `key` of the plain object `value`; `where` names the object. */
export function field(value: unknown, key: string, where: string): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw wrong(where, 'an object', value);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

export function finiteField(value: unknown, key: string, where: string): number {
  const number = field(value, key, where);
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw wrong(`${where}.${key}`, 'a finite number', number);
  return number;
}

export function positiveField(value: unknown, key: string, where: string): number {
  const number = finiteField(value, key, where);
  if (number <= 0) throw wrong(`${where}.${key}`, 'a positive number', number);
  return number;
}

export function stringField(value: unknown, key: string, where: string): string {
  const text = field(value, key, where);
  if (typeof text !== 'string') throw wrong(`${where}.${key}`, 'a string', text);
  return text;
}

export function booleanField(value: unknown, key: string, where: string): boolean {
  const truth = field(value, key, where);
  if (typeof truth !== 'boolean') throw wrong(`${where}.${key}`, 'true or false', truth);
  return truth;
}

/** A field that is one of `names`. */
export function nameField<T extends string | number>(
  value: unknown,
  key: string,
  where: string,
  names: readonly T[],
): T {
  const found = field(value, key, where);
  const name = names.find((candidate) => candidate === found);
  if (name === undefined) throw wrong(`${where}.${key}`, `one of ${names.join(', ')}`, found);
  return name;
}

/** A field that is an array of at least `min` items, each checked by `item`, which is given its place. */
export function listField<T>(
  value: unknown,
  key: string,
  where: string,
  min: number,
  item: (value: unknown, where: string) => T,
): T[] {
  const list = field(value, key, where);
  if (!Array.isArray(list)) throw wrong(`${where}.${key}`, 'an array', list);
  if (list.length < min) throw wrong(`${where}.${key}`, `at least ${min} items`, list);
  return list.map((entry, i) => item(entry, `${where}.${key}[${i}]`));
}

/** A field that is an array of at least `min` strings, no two alike. */
export function namesField(value: unknown, key: string, where: string, min: number): string[] {
  const names = listField(value, key, where, min, (entry, place) => {
    if (typeof entry !== 'string') throw wrong(place, 'a string', entry);
    return entry;
  });
  if (new Set(names).size !== names.length) throw wrong(`${where}.${key}`, 'strings that all differ', names);
  return names;
}

function wrong(where: string, expected: string, found: unknown): FormatError {
  return new FormatError(`${where}: expected ${expected}, found ${show(found)}`);
}
