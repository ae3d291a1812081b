/**
 * From the text of an option to a value, or a refusal that names the option, what it takes and what it got. Pure functions;
 * which options there are is main.ts's, what they default to is defaults.ts's.
 */
import { show } from '../errors.js';
import { UsageError } from './failure.js';

/** Decimal notation without leading zeros: whoever types 001 for a rate meant something else than 1. */
const DECIMAL = /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

export function refused(option: string, expected: string, got: unknown): UsageError {
  return new UsageError(`${option}: expected ${expected}, got ${show(got)}`);
}

/** A parser for a finite number that `accepts` takes; `expected` says which these are. */
export function numberOption(option: string, expected: string, accepts: (value: number) => boolean) {
  return (text: string): number => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value) || !accepts(value)) throw refused(option, expected, text);
    return value;
  };
}

/** A parser for an integer from `min` to `max`. */
export function integerOption(option: string, min: number, max: number) {
  return numberOption(
    option,
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );
}

/** A parser for integers separated by commas, each from `min` to `max`. */
export function integersOption(option: string, min: number, max: number) {
  const expected = `integers from ${min} to ${max} separated by commas, such as 64,32`;
  const integer = integerOption(option, min, max);
  return (text: string): number[] =>
    text.split(',').map((part) => {
      try {
        return integer(part);
      } catch {
        throw refused(option, expected, text);
      }
    });
}

/** A parser for names separated by commas. */
export function namesOption(option: string) {
  return (text: string): string[] => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw refused(option, 'names separated by commas', text);
    return names;
  };
}

/** A parser for one of `names`. */
export function nameOption<T extends string>(option: string, names: readonly T[]) {
  return (text: string): T => {
    const name = names.find((candidate) => candidate === text);
    if (name === undefined) throw refused(option, `one of ${names.join(', ')}`, text);
    return name;
  };
}
