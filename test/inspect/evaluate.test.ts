/** Graphs in float64 as `wasmlp/inspect` evaluates them: every operation, in every shape of its cases, against the reference. On the sources. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { operations } from '../../src/graph/operations.js';
import { input, type Node, uniform } from '../../src/graph.js';
import { evaluate as inFloat64 } from '../../src/inspect/evaluate.js';
import { scalarFunctions } from '../../src/inspect/functions.js';
import { BATCH, build, cases } from '../graph/cases.js';
import { evaluate } from '../reference/evaluate.js';
import { sizes } from '../reference/matrix.js';
import { between, drawn, relativeError } from '../support/numbers.js';

function compare(y: Node, operands: readonly Node[], feeds: Readonly<Record<string, ArrayLike<number>>>) {
  const leaves = new Map(
    operands.map((node) => {
      const [rows, columns] = sizes(node.shape, BATCH);
      return [node, { rows, columns, values: Float64Array.from(feeds[node.name]!) }] as const;
    }),
  );
  const actual = inFloat64([y], leaves, BATCH).get(y)!;
  const [expected] = evaluate([y], feeds);
  expect([actual.rows, actual.columns]).toEqual([expected!.rows, expected!.columns]);
  return relativeError(actual.values, expected!.values);
}

describe('in float64', () => {
  it.each(Object.entries(cases))('%s has the values of the reference', (name, { draws, shapes }) => {
    for (const trial of shapes) {
      const operands = trial.map((shape, i) => input(`x${i}`, shape));
      const feeds = Object.fromEntries(
        operands.map((node, i) => {
          const [rows, columns] = sizes(node.shape, BATCH);
          return [node.name, drawn(`float64 ${name} ${trial} ${i}`, rows * columns, draws[i]!)] as const;
        }),
      );
      // 1 - erf is a difference, here and there
      expect(compare(build(name, operands), operands, feeds), String(trial)).toBeLessThanOrEqual(1e-12);
    }
  });

  it.each(['erf', 'normalCdf', 'gelu'])('%s has its digits far out', (name) => {
    const x = input('x', [1, 400]);
    for (const [low, high] of [
      [-5, -2],
      [-2.6, 2.6],
      [2, 9],
    ] as const) {
      const feeds = { x: drawn(`far ${name} ${low}`, 400, between(low, high)) };
      expect(compare(build(name, [x]), [x], feeds)).toBeLessThanOrEqual(1e-13);
    }
  });

  it('random symbols draw what they draw in step 0', () => {
    const y = uniform([5, 7], { seed: 3, stream: 8 });
    expect(compare(y, [], {})).toBe(0);
  });

  it('there is a function for every elementwise operation of the graph', () => {
    const codes = Object.values(operations).flatMap(({ lowering }) =>
      lowering.kind === 'map' ? [lowering.code] : [],
    );
    expect([...scalarFunctions.keys()].sort((a, b) => a - b)).toEqual(
      [...new Set(codes)].sort((a, b) => a - b),
    );
    expect(codes).toContain(isa.F_GELU);
  });
});
