/** Values that are wrong for almost every argument, and the measure of a refusal: the right kind of error, with the argument's name. */
import { expect } from 'vitest';

export const wrongValues: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  NaN: Number.NaN,
  Infinity: Infinity,
  '-1': -1,
  '0.5': 0.5,
  'an empty string': '',
  'a string': 'x',
  'an object': {},
  'an array': [],
  'a function': () => {},
  'a symbol': Symbol('x'),
  'a bigint': 10n,
  'a truth value': true,
  'a huge number': 1e300,
};

/** An argument of a public function, and what is right for it. */
export interface Argument {
  /** What the message must name. */
  readonly name: string;
  /** Calls the function with the value in the argument's place. */
  readonly use: (value: never) => unknown;
  /** Those of the table that are right here. */
  readonly fine?: readonly (keyof typeof wrongValues & string)[];
  /** What the message names instead where the value is an empty object: the member that it lacks. */
  readonly lacks?: string;
}

/** The argument refuses every wrong value: TypeError or RangeError, its name first; and takes those that are fine. */
export async function expectRefusals({ name, use, fine = [], lacks = name }: Argument): Promise<void> {
  for (const [what, value] of Object.entries(wrongValues)) {
    const error = await outcome(() => use(value as never));
    if (fine.includes(what)) {
      expect(error, `${name} takes ${what}`).toBeNull();
      continue;
    }
    expect(error, `${name} refuses ${what}`).not.toBeNull();
    const kind = error instanceof TypeError || error instanceof RangeError;
    expect(kind, `${name} with ${what} is no TypeError or RangeError but ${error}`).toBe(true);
    const { message } = error as Error;
    const subject = what === 'an object' ? lacks : name;
    const named = [':', '[', '.'].some((next) => message.startsWith(`${subject}${next}`));
    expect(named, `${subject} with ${what}: ${message}`).toBe(true);
    expect(message, what).toMatch(/: expected .+, got .+/);
  }
}

/** What a call throws or rejects with; null if neither. */
export async function outcome(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return null;
  } catch (error) {
    return error;
  }
}
