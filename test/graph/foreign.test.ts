/** Functions of graphs against PyTorch's values and derivatives in float64, extremes included; on every build. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';
import { opVectors } from '../vectors/vectors.js';

type Unary = (x: graph.Operand) => graph.Node;

const { elementwise, rowwise } = opVectors;
const functions: Readonly<Record<string, Unary>> = {
  ...(graph as unknown as Record<string, Unary>),
  leakyRelu: (x) => graph.leakyRelu(x, 0.01),
  // there is none: the largest logit, and what the others add
  logSumExp: (x) =>
    graph.add(
      graph.maxColumns(x),
      graph.log(graph.sum(graph.exp(graph.sub(x, graph.maxColumns(x))), 'columns')),
    ),
};

/** Within 4e-7 of each number, or of 1 where it is smaller: slopes such as 1 - y^2 cancel. The same where it is infinite or no number. */
function expectClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  inputs: readonly number[],
  what: string,
): void {
  expected.forEach((value, i) => {
    const nearest = Math.fround(value);
    if (!Number.isFinite(nearest)) expect(actual[i], `${what} of ${inputs[i]}`).toBe(nearest);
    else
      expect(
        Math.abs(actual[i]! - nearest),
        `${what} of ${inputs[i]}: ${actual[i]} for ${value}`,
      ).toBeLessThanOrEqual(4e-7 * Math.max(Math.abs(nearest), 1));
  });
}

describe.each(engines)('build $build', ({ engine }) => {
  it.each(Object.entries(elementwise))('%s', async (name, { inputs, values, derivatives }) => {
    const x = graph.input('x', [graph.ROWS, 1]);
    const y = functions[name]!(x);
    const [dx] = graph.grad(graph.sum(y), [x]);
    const run = await graph.compile({ y, dx: dx! }, { engine });
    const results = run({ x: inputs });
    expectClose(results.y as Float32Array, values, inputs, name);
    expectClose(results.dx as Float32Array, derivatives, inputs, `slope of ${name}`);
    run.dispose();
  });

  it.each(Object.entries(rowwise))('%s', async (name, { columns, inputs, values, upstream, derivatives }) => {
    const x = graph.input('x', [graph.ROWS, columns]);
    const y = functions[name]!(x);
    const weights = graph.input('weights', y.shape);
    const [dx] = graph.grad(graph.sum(graph.mul(y, weights)), [x]);
    const run = await graph.compile({ y, dx: dx! }, { engine });
    const results = run({ x: inputs, weights: upstream });
    expectClose(results.y as Float32Array, values, inputs, name);
    expectClose(results.dx as Float32Array, derivatives, inputs, `slope of ${name}`);
    run.dispose();
  });
});
