/** Every operation at the ends of float32 against the float64 reference; the elementwise ones in all combinations of their operands. */
import { describe, expect, it } from 'vitest';
import { input, type Node } from 'wasmlp/graph';
import { evaluate } from '../reference/evaluate.js';
import { sizes } from '../reference/matrix.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';
import { build, cases } from './cases.js';

const LEAST = 2 ** -149;
const LEAST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const magnitudes = [0, LEAST, Math.fround(1e-40), LEAST_NORMAL, 0.5, 1, 88, 104, 1e4, LARGEST, Infinity];
const extremes = [...magnitudes, ...magnitudes.map((size) => -size), NaN];

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

/** The others: shapes small enough to look at, filled with the ends that their rows name, again and again. */
const others = Object.entries(cases).flatMap(([name, { ends, shapes }]) =>
  ends ? [[name, ends, [shapes[0]!, shapes[1]!]] as const] : [],
);

describe.each(engines)('at the ends of float32 on the $build build', ({ engine }) => {
  it.each(others)('%s', async (name, ends, trials) => {
    for (const shapes of trials) {
      const operands = shapes.map((shape, i): Node => input(`x${i}`, shape));
      const feeds = Object.fromEntries(
        operands.map(({ shape, name }, i) => {
          const [rows, columns] = sizes(shape, 5);
          // steps of an odd length, so that operands of equal shape do not keep pace
          const entry = (_: unknown, at: number) => ends[i]![(at * (2 * i + 1)) % ends[i]!.length]!;
          return [name, Array.from({ length: rows * columns }, entry)];
        }),
      );
      const y = build(name, operands);
      const actual = Object.values(await run(engine, { y }, feeds))[0]!;
      const expected = evaluate([y], feeds)[0]!.values;
      const wrong = Array.from(actual).flatMap((value, i) =>
        agrees(value, expected[i]!) ? [] : [`entry ${i} of ${shapes}: ${value}, not ${expected[i]}`],
      );
      expect(wrong).toEqual([]);
    }
  });

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
