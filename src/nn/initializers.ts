/**
 * Initial values by name. fanIn and fanOut are the rows and columns of a weight matrix.
 * Sources: Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998 ("Efficient BackProp").
 */
import { checkName, checkNumber, wrongType } from '../errors.js';
import type { Random } from '../random.js';

/** Ours: whatever is drawn with it stays among the numbers of 32 bits. */
const LARGEST = 1e30;

/** All equal, within +-limit, or normal with a standard deviation. */
type Distribution =
  | { readonly constant: number }
  | { readonly uniform: number }
  | { readonly normal: number };

type Rule = (fanIn: number, fanOut: number) => Distribution;

export const initializers = {
  zeros: () => ({ constant: 0 }),
  heNormal: (fanIn) => ({ normal: Math.sqrt(2 / fanIn) }),
  heUniform: (fanIn) => ({ uniform: Math.sqrt(6 / fanIn) }),
  glorotNormal: (fanIn, fanOut) => ({ normal: Math.sqrt(2 / (fanIn + fanOut)) }),
  glorotUniform: (fanIn, fanOut) => ({ uniform: Math.sqrt(6 / (fanIn + fanOut)) }),
  lecunNormal: (fanIn) => ({ normal: Math.sqrt(1 / fanIn) }),
  lecunUniform: (fanIn) => ({ uniform: Math.sqrt(3 / fanIn) }),
} as const satisfies Record<string, Rule>;

export type InitializerName = keyof typeof initializers;

/** A name of the table, or a distribution with a number of one's own. */
export type Initializer = InitializerName | Distribution;

/** Fills a new array with initial values for a fanIn x fanOut matrix. */
export function initialize(
  initializer: Initializer,
  fanIn: number,
  fanOut: number,
  random: Random,
): Float32Array {
  const values = new Float32Array(fanIn * fanOut);
  const distribution: Distribution =
    typeof initializer === 'string' ? initializers[initializer](fanIn, fanOut) : initializer;
  if ('constant' in distribution) values.fill(distribution.constant);
  else if ('uniform' in distribution) random.fillUniform(values, distribution.uniform);
  else random.fillNormal(values, distribution.normal);
  return values;
}

export function checkInitializer(name: string, value: unknown): Initializer {
  if (typeof value === 'string') return checkName(name, value, initializers);
  const expected = 'the name of an initializer, or { constant }, { uniform } or { normal } with a number';
  if (value === null || typeof value !== 'object') throw wrongType(name, expected, value);
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0 || !['constant', 'uniform', 'normal'].includes(entry[0]))
    throw wrongType(name, expected, value);
  checkNumber(`${name}.${entry[0]}`, entry[1], entry[0] === 'constant' ? -LARGEST : 0, LARGEST);
  return value as Initializer;
}
