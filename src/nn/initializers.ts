/**
 * Initial values by name. fanIn and fanOut are the rows and columns of a weight matrix.
 * Sources: Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998 ("Efficient BackProp"); Saxe et al. 2014 (orthogonal).
 */
import { checkName, checkNumber, wrongType } from '../errors.js';
import type { Random } from '../random.js';
import { LARGEST } from './choice.js';

/**
 * All equal; within +-limit; normal with a standard deviation, or that and nothing beyond two of them; or columns (of a wide matrix: rows) that
 * are orthogonal and of this length.
 */
type Distribution =
  | { readonly constant: number }
  | { readonly uniform: number }
  | { readonly normal: number }
  | { readonly truncatedNormal: number }
  | { readonly orthogonal: number };

/** Fills the values of a rows x columns matrix, given the distribution's number. */
type Filling = (values: Float32Array, number: number, random: Random, rows: number, columns: number) => void;

export const fillings: Readonly<Record<string, Filling>> = {
  constant: (values, number) => values.fill(number),
  uniform: (values, limit, random) => random.fillUniform(values, limit),
  normal: (values, deviation, random) => random.fillNormal(values, deviation),
  truncatedNormal(values, deviation, random) {
    for (let i = 0; i < values.length; ) {
      const draw = random.normal();
      if (Math.abs(draw) <= 2) values[i++] = draw * deviation;
    }
  },
  orthogonal(values, length, random, rows, columns) {
    const isTall = rows >= columns;
    const vectors = orthonormal(isTall ? columns : rows, isTall ? rows : columns, random);
    vectors.forEach((vector, j) => {
      vector.forEach((entry, i) => {
        values[isTall ? i * columns + j : j * columns + i] = entry * length;
      });
    });
  },
};

type Rule = (fanIn: number, fanOut: number) => Distribution;

export const initializers = {
  zeros: () => ({ constant: 0 }),
  heNormal: (fanIn) => ({ normal: Math.sqrt(2 / fanIn) }),
  heUniform: (fanIn) => ({ uniform: Math.sqrt(6 / fanIn) }),
  glorotNormal: (fanIn, fanOut) => ({ normal: Math.sqrt(2 / (fanIn + fanOut)) }),
  glorotUniform: (fanIn, fanOut) => ({ uniform: Math.sqrt(6 / (fanIn + fanOut)) }),
  lecunNormal: (fanIn) => ({ normal: Math.sqrt(1 / fanIn) }),
  lecunUniform: (fanIn) => ({ uniform: Math.sqrt(3 / fanIn) }),
  orthogonal: () => ({ orthogonal: 1 }),
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
  const [[name, number]] = Object.entries(distribution) as [[string, number]];
  fillings[name]!(values, number, random, fanIn, fanOut);
  return values;
}

/**
 * `count` orthonormal vectors of a size, evenly distributed: normal ones by Gram and Schmidt, in float64 and twice, because what rounding
 * leaves after the first time the second one takes away (Giraud et al. 2005).
 */
function orthonormal(count: number, size: number, random: Random): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length: size }, () => random.normal());
    for (const other of [...vectors, ...vectors]) subtract(vector, other, dot(vector, other));
    const length = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((entry) => entry / length));
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a := a - factor b. */
function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! -= factor * b[i]!;
}

export function checkInitializer(name: string, value: unknown): Initializer {
  if (typeof value === 'string') return checkName(name, value, initializers);
  const expected = `the name of an initializer, or one of ${Object.keys(fillings).join(', ')} with a number, such as { normal: 0.1 }`;
  if (value === null || typeof value !== 'object') throw wrongType(name, expected, value);
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0 || !Object.hasOwn(fillings, entry[0]))
    throw wrongType(name, expected, value);
  checkNumber(`${name}.${entry[0]}`, entry[1], entry[0] === 'constant' ? -LARGEST : 0, LARGEST);
  return value as Initializer;
}
