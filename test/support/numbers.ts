/** Numbers for tests: drawn from one seed, exact in float32, and the measure by which results are compared. */
import { Random } from '../../src/random.js';

export type Draw = (random: Random) => number;

export const between =
  (low: number, high: number): Draw =>
  (random) =>
    low + (high - low) * random.uniform();

/** Uniform in +-[gap, size]: keeps clear of a kink at zero. */
export const awayFromZero =
  (gap: number, size: number): Draw =>
  (random) =>
    (random.uniform() < 0.5 ? -1 : 1) * (gap + (size - gap) * random.uniform());

export const normal: Draw = (random) => random.normal();

/** `length` float32 numbers; the same ones for the same purpose. */
export function drawn(purpose: string, length: number, draw: Draw = between(-1, 1)): Float32Array {
  const random = new Random(2024, purpose);
  return Float32Array.from({ length }, () => draw(random));
}

/** Largest difference relative to the largest expected entry; Infinity where lengths differ or a result is not finite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i]! - expected[i]!);
    difference = Math.max(difference, distance);
    size = Math.max(size, Math.abs(expected[i]!));
  }
  if (Number.isNaN(difference)) return Infinity;
  return difference === 0 ? 0 : difference / size;
}
