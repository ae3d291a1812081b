/** Every operation, forward and backward, on every build, against the float64 reference; and the reference against itself. */
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/graph/leaves.js';
import { operations } from '../../src/graph/operations.js';
import { grad, input, mul, type Node, type Shape, sum } from '../../src/graph.js';
import { centralDifferences, evaluate, type Feeds, referenceGradients } from '../reference/evaluate.js';
import { sizes } from '../reference/matrix.js';
import { rules } from '../reference/rules.js';
import { engines } from '../support/engines.js';
import { between, type Draw, drawn, relativeError } from '../support/numbers.js';
import { run } from '../support/run.js';
import { BATCH, type Case, cases, showCase, withoutOperands } from './cases.js';

interface Trial {
  readonly operands: readonly Node[];
  readonly y: Node;
  /** A scalar with a different weight on every entry of y. */
  readonly loss: Node;
  readonly feeds: Feeds;
}

function trial(name: string, { draws, attributes }: Case, shapes: readonly Shape[]): Trial {
  const operands = shapes.map((shape, i) => input(`x${i}`, shape));
  const y = apply(operations[name]!, operands, attributes?.(shapes) ?? {});
  const weights = input('weights', y.shape);
  const numbers = (node: Node, draw: Draw) => {
    const [rows, columns] = sizes(node.shape, BATCH);
    return [node.name, drawn(`${name} ${showCase(shapes)} ${node.name}`, rows * columns, draw)] as const;
  };
  const feeds = Object.fromEntries([
    ...operands.map((node, i) => numbers(node, draws[i]!)),
    numbers(weights, between(0.5, 1.5)),
  ]);
  return { operands, y, loss: sum(mul(y, weights)), feeds };
}

describe('the table of cases', () => {
  it('has a row and the reference a rule for every operation', () => {
    const tested = [...Object.keys(cases), ...withoutOperands];
    expect(tested.sort()).toEqual(Object.keys(operations).sort());
    const leaves = ['input', 'parameter', 'constant'];
    expect([...Object.keys(rules), ...leaves].sort()).toEqual(Object.keys(operations).sort());
  });

  it('tests the gradient of every operand that has one', () => {
    for (const [name, { differentiable }] of Object.entries(cases)) {
      const { gradient } = operations[name]!;
      const withRule = gradient.flatMap((rule, i) => (rule ? [i] : []));
      expect(differentiable, name).toEqual(withRule);
    }
  });
});

describe('the reference', () => {
  it.each(Object.entries(cases))('%s: central differences agree with the backward pass', (name, row) => {
    for (const shapes of row.small) {
      const { operands, loss, feeds } = trial(name, row, shapes);
      const gradients = referenceGradients(loss, operands, feeds);
      for (const i of row.differentiable) {
        const differences = centralDifferences(loss, operands[i]!, feeds);
        const error = relativeError(gradients[i]!.values, differences.values);
        expect(error, `${showCase(shapes)}, operand ${i}`).toBeLessThanOrEqual(1e-7);
      }
    }
  });
});

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(Object.entries(cases))('%s: values and gradients agree with float64', async (name, row) => {
    for (const shapes of row.shapes) {
      const { operands, y, loss, feeds } = trial(name, row, shapes);
      const targets = row.differentiable.map((i) => operands[i]!);
      const gradients = grad(loss, targets);
      const outputs = { y, ...Object.fromEntries(gradients.map((node, i) => [`gradient ${i}`, node])) };
      const actual = Object.entries(await run(engine, outputs, feeds));
      const expected = [...evaluate([y], feeds), ...referenceGradients(loss, targets, feeds)];
      actual.forEach(([output, values], i) => {
        const error = relativeError(values, expected[i]!.values);
        expect(error, `${showCase(shapes)}, ${output}`).toBeLessThanOrEqual(2e-6);
      });
    }
  });
});
