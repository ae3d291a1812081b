/**
 * Initial values by name. fanIn and fanOut are the rows and columns of a weight matrix.
 * Sources: Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998 ("Efficient BackProp").
 */
import { checkName, checkNumber, wrongType } from '../errors.js';
import type { Random } from '../random.js';

/** Ours: whatever is drawn with it stays among the numbers of 32 bits. */
const LARGEST = 1e30;

type Draw = (fanIn: number, fanOut: number, random: Random) => number;

const uniformWithin =
  (limit: (fanIn: number, fanOut: number) => number): Draw =>
  (fanIn, fanOut, random) =>
    (2 * random.uniform() - 1) * limit(fanIn, fanOut);
const normalWith =
  (deviation: (fanIn: number, fanOut: number) => number): Draw =>
  (fanIn, fanOut, random) =>
    random.normal() * deviation(fanIn, fanOut);

export const initializers = {
  zeros: () => 0,
  heNormal: normalWith((fanIn) => Math.sqrt(2 / fanIn)),
  heUniform: uniformWithin((fanIn) => Math.sqrt(6 / fanIn)),
  glorotNormal: normalWith((fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut))),
  glorotUniform: uniformWithin((fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut))),
  lecunNormal: normalWith((fanIn) => Math.sqrt(1 / fanIn)),
  lecunUniform: uniformWithin((fanIn) => Math.sqrt(3 / fanIn)),
} as const satisfies Record<string, Draw>;

export type InitializerName = keyof typeof initializers;

/** A name of the table, or numbers of one's own: all equal, within +-limit, or normal with a standard deviation. */
export type Initializer =
  | InitializerName
  | { readonly constant: number }
  | { readonly uniform: number }
  | { readonly normal: number };

/** Fills a new array with initial values for a fanIn x fanOut matrix. */
export function initialize(
  initializer: Initializer,
  fanIn: number,
  fanOut: number,
  random: Random,
): Float32Array {
  const draw = drawOf(initializer);
  return Float32Array.from({ length: fanIn * fanOut }, () => draw(fanIn, fanOut, random));
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

function drawOf(initializer: Initializer): Draw {
  if (typeof initializer === 'string') return initializers[initializer];
  if ('constant' in initializer) return () => initializer.constant;
  if ('uniform' in initializer) return uniformWithin(() => initializer.uniform);
  return normalWith(() => initializer.normal);
}
