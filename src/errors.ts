/**
 * What every public door says when it refuses: TypeError for the wrong kind, RangeError for a wrong value or
 * shape, always as "name: expected ..., got ...". And the two failures that are nobody's argument: a file that
 * is not what it claims to be, and a training run that left the finite numbers.
 *
 * Not here: recovery. Whoever throws has changed nothing yet.
 */

/** A file that is cut, corrupt, hostile or of another kind. The message says what was expected where. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** Data a model cannot learn from: a row or a value that breaks the promise of its column. */
export class DataError extends RangeError {
  override readonly name = 'DataError';
}

/** The loss stopped being a finite number. The model keeps the parameters of the last step that was. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  constructor(
    /** Optimizer steps completed in this run before the one that failed. */
    readonly step: number,
    /** First layer, in forward order, whose values were not finite: for example "layers.2". */
    readonly layer: string,
  ) {
    super(
      `training diverged at step ${step}: ${layer} left the finite numbers; expected a finite loss ` +
        '(try a smaller learningRate, or scale the inputs). Parameters are those of the last good step',
    );
  }
}

/** How a value is shown in an error message: short, and never a whole array. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return `a function`;
  if (value === null || typeof value !== 'object') return String(value);
  const kind = value.constructor?.name ?? 'object';
  const length = (value as { length?: unknown }).length;
  return typeof length === 'number' ? `${kind} of length ${length}` : `a value of type ${kind}`;
}

export function wrongType(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${show(value)}`);
}

export function wrongRange(name: string, expected: string, value: unknown): RangeError {
  return new RangeError(`${name}: expected ${expected}, got ${show(value)}`);
}

/** A finite number in [min, max]. */
export function checkNumber(name: string, value: unknown, min = -Infinity, max = Infinity): number {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value);
  if (!Number.isFinite(value) || value < min || value > max)
    throw wrongRange(name, `a finite number${interval(min, max)}`, value);
  return value;
}

/** An integer in [min, max]. */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, 'an integer', value);
  if (!Number.isInteger(value) || value < min || value > max)
    throw wrongRange(name, `an integer${interval(min, max)}`, value);
  return value;
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

export function checkString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

export function checkFunction<F>(name: string, value: F): F {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value);
  return value;
}

/** One of the names of a table; the message lists them. */
export function checkName<T extends object>(name: string, value: unknown, table: T): keyof T & string {
  const expected = `one of ${Object.keys(table).join(', ')}`;
  if (typeof value !== 'string') throw wrongType(name, expected, value);
  if (!Object.hasOwn(table, value)) throw wrongRange(name, expected, value);
  return value as keyof T & string;
}

/** A plain options object with no key outside `known`: a misspelt option is refused, not ignored. */
export function checkOptions<T extends object>(name: string, value: T, known: readonly string[]): T {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value))
    throw wrongType(name, 'an object', value);
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw wrongRange(`${name}.${key}`, `one of ${known.join(', ') || 'none'}`, key);
  return value;
}

function interval(min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return '';
  if (max === Infinity || max === Number.MAX_SAFE_INTEGER) return ` of at least ${min}`;
  return ` from ${min} to ${max}`;
}
