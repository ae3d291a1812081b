/** Every operation, forward and backward, on every build, against the float64 reference; and the reference against itself. */
import { describe, expect, it } from 'vitest';
import { add, grad, input, mul, type Node, type Shape, sum } from 'wasmlp/graph';
import { centralDifferences, evaluate, type Feeds, referenceGradients } from '../reference/evaluate.js';
import { sizes } from '../reference/matrix.js';
import { between, type Draw, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';
import { BATCH, build, type Case, cases, showCase } from './cases.js';

interface Trial {
  readonly operands: readonly Node[];
  readonly y: Node;
  /** A scalar with a different weight on every entry of y. */
  readonly loss: Node;
  readonly feeds: Feeds;
}

function trial(name: string, { draws }: Case, shapes: readonly Shape[]): Trial {
  const operands = shapes.map((shape, i) => input(`x${i}`, shape));
  const y = build(name, operands);
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

describe('the cases', () => {
  it.each(Object.entries(cases))('%s: build the operation that they name', (name, row) => {
    for (const shapes of row.shapes) {
      const { y } = trial(name, row, shapes);
      // over one row or column it is a simpler sum, or none
      const isSimpler = name.startsWith('sum') && shapes[0]!.includes(1);
      expect(isSimpler ? name : y.operation.name, showCase(shapes)).toBe(name);
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

  it.each(Object.entries(cases))('%s: second derivatives agree with float64', async (name, row) => {
    for (const shapes of row.small) {
      const { operands, loss, feeds } = trial(name, row, shapes);
      const targets = row.differentiable.map((i) => operands[i]!);
      const weights = targets.map((target, i) => input(`second weights ${i}`, target.shape));
      const weighted = grad(loss, targets).map((gradient, i) => sum(mul(gradient, weights[i]!)));
      if (weighted.length === 0) continue;
      const along = weighted.reduce((total, term) => add(total, term));
      const drawnWeights = weights.map(({ name, shape }) => {
        const [rows, columns] = sizes(shape, BATCH);
        return [name, drawn(`${name} ${showCase(shapes)}`, rows * columns, between(0.5, 1.5))] as const;
      });
      const all = { ...feeds, ...Object.fromEntries(drawnWeights) };
      const seconds = grad(along, targets);
      const outputs = Object.fromEntries(seconds.map((node, i) => [`second ${i}`, node]));
      const actual = Object.values(await run(engine, outputs, all));
      referenceGradients(along, targets, all).forEach(({ values }, i) => {
        expect(relativeError(actual[i]!, values), `${showCase(shapes)}, operand ${i}`).toBeLessThanOrEqual(
          1e-5,
        );
      });
    }
  });
});
