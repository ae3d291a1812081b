/**
 * Initial values by name. fanIn and fanOut are the rows and columns of a weight matrix.
 * Sources: Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998 ("Efficient BackProp"); Saxe et al. 2014 (orthogonal).
 * They cost a draw an entry; orthogonal grows with the cube of a side and takes the calling thread: about 35 ms for 256 x 256, half a second
 * for 784 x 800.
 */
import { checkName, checkNumber, wrongType } from '../errors.js';
import type { Random } from '../random.js';
import { LARGEST } from './choice.js';

/**
 * All equal; within +-limit; normal with a standard deviation, or that and nothing beyond two of them; or columns (of a wide matrix: rows) that
 * are orthogonal and of this length, for which a matrix of 784 x 800 takes half a second.
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
 * `count` orthonormal vectors of a size, evenly distributed: what Householder's triangulation of normal ones leaves on the way back, where every
 * reflection is drawn by itself (Stewart 1980). Orthogonal to rounding in one pass, 2 count^2 (size - count / 3) operations; in pairs it takes half the
 * time.
 */
function orthonormal(count: number, size: number, random: Random): Float64Array[] {
  // one more, which stays zero: the other half of the last pair
  const vectors = Array.from({ length: count + 1 }, () => new Float64Array(size));
  for (let k = count; k-- > 0; ) {
    const axis = new Float64Array(size);
    for (let i = k; i < size; i++) axis[i] = random.normal();
    const length = Math.sqrt(axis.reduce((sum, entry) => sum + entry * entry, 0));
    const sign = axis[k]! < 0 ? -1 : 1;
    axis[k]! += sign * length;
    vectors[k]![k] = -sign;
    for (let j = k; j < count; j += 2) reflect(vectors[j]!, vectors[j + 1]!, axis, k, length);
  }
  return vectors.slice(0, count);
}

/** x := x - 2 axis (axis · x) / (axis · axis), from an entry on, for two; axis · axis is 2 length |axis[from]|. */
function reflect(a: Float64Array, b: Float64Array, axis: Float64Array, from: number, length: number): void {
  let first = 0;
  let second = 0;
  for (let i = from; i < axis.length; i++) {
    first += a[i]! * axis[i]!;
    second += b[i]! * axis[i]!;
  }
  const scale = 1 / (length * Math.abs(axis[from]!));
  first *= scale;
  second *= scale;
  for (let i = from; i < axis.length; i++) {
    a[i]! -= first * axis[i]!;
    b[i]! -= second * axis[i]!;
  }
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
