/** The table of operations, row by row: what the other suites of this folder walk through, and how rules are asked. On the sources. */
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/graph/leaves.js';
import { gradientRule } from '../../src/graph/node.js';
import { operations } from '../../src/graph/operations.js';
import { grad, input, type Node, sum } from '../../src/graph.js';
import { evaluate } from '../reference/evaluate.js';
import { rules } from '../reference/rules.js';
import { cases, withoutOperands } from './cases.js';

describe('the table of cases', () => {
  it('has a row and the reference a rule for every operation', () => {
    const tested = [...Object.keys(cases), ...withoutOperands];
    expect(tested.sort()).toEqual(Object.keys(operations).sort());
    const leaves = ['input', 'parameter', 'constant'];
    expect([...Object.keys(rules), ...leaves].sort()).toEqual(Object.keys(operations).sort());
  });

  it('has values at the ends of float32 for every operation that is not elementwise', () => {
    for (const [name, { ends, draws }] of Object.entries(cases))
      if (operations[name]!.lowering.kind !== 'map') expect(ends?.length, name).toBe(draws.length);
  });

  it('tests the gradient of every operand that has one', () => {
    for (const [name, { differentiable }] of Object.entries(cases)) {
      const operands = cases[name]!.draws.map((_draw, i) => i);
      const withRule = operands.filter((i) => gradientRule(operations[name]!, i) !== null);
      expect(differentiable, name).toEqual(withRule);
    }
  });
});

describe('grad', () => {
  const x = input('x', [1, 2]);
  const w = input('w', [1, 2]);

  it('asks a rule for wanted operands only', () => {
    const { mul: times } = operations;
    const refuse = (): Node => {
      throw new Error('asked for the second operand');
    };
    const product = apply({ ...times!, gradient: [gradientRule(times!, 0), refuse] }, [x, w]);
    const [dx] = grad(sum(product), [x]);
    const feeds = { x: [1, 2], w: [3, 0.25] };
    expect(Array.from(evaluate([dx!], feeds)[0]!.values)).toEqual([3, 0.25]);
    expect(() => grad(sum(product), [x, w])).toThrow('asked for the second operand');
  });
});
