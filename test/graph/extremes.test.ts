/** Every elementwise operation at the ends of float32, in all combinations of its operands, against the float64 reference. */
import { describe, expect, it } from 'vitest';
import { input, type Node } from 'wasmlp/graph';
import { evaluate } from '../reference/evaluate.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';
import { build, cases } from './cases.js';

const LEAST = 2 ** -149;
const LEAST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const sizes = [0, LEAST, Math.fround(1e-40), LEAST_NORMAL, 0.5, 1, 88, 104, 1e4, LARGEST, Infinity];
const extremes = [...sizes, ...sizes.map((size) => -size), NaN];

/** Names of operations that work entry by entry, and how many operands they have. broadcastTo moves numbers only. */
const elementwise = Object.entries(cases).flatMap(([name, { draws, small }]) => {
  const y = build(
    name,
    small[0]!.map((shape, i) => input(`x${i}`, shape)),
  );
  return y.operation.lowering.kind === 'map' && name !== 'broadcastTo' ? [[name, draws.length] as const] : [];
});

/** Operand `which` of `count` in all combinations of extremes. */
function combinations(which: number, count: number): number[] {
  const repeat = extremes.length ** which;
  return Array.from(
    { length: extremes.length ** count },
    (_, i) => extremes[Math.floor(i / repeat) % extremes.length]!,
  );
}

/** The same number: NaN, infinite, or within a few units in the last place; numbers below the normal ones may lose one more. */
function agrees(actual: number, expected: number): boolean {
  const rounded = Math.fround(expected);
  if (Number.isNaN(rounded)) return Number.isNaN(actual);
  if (!Number.isFinite(rounded)) return actual === rounded;
  return Math.abs(actual - rounded) <= 1e-6 * Math.abs(rounded) + 4 * LEAST;
}

describe.each(engines)('at the ends of float32 on the $build build', ({ engine }) => {
  it.each(elementwise)('%s', async (name, count) => {
    const length = extremes.length ** count;
    const operands = Array.from({ length: count }, (_, i): Node => input(`x${i}`, [1, length]));
    const feeds = Object.fromEntries(operands.map((node, i) => [node.name, combinations(i, count)]));
    const y = build(name, operands);
    const actual = Object.values(await run(engine, { y }, feeds))[0]!;
    const expected = evaluate([y], feeds)[0]!.values;
    const wrong = Array.from(actual).flatMap((value, i) =>
      agrees(value, expected[i]!)
        ? []
        : [`${operands.map((node) => feeds[node.name]![i])}: ${value}, not ${expected[i]}`],
    );
    expect(wrong).toEqual([]);
  });
});
