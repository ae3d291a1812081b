/** Jacobians, Hessians, their products with vectors, saliency: against formulas, central differences and the reference. */
import { describe, expect, it } from 'vitest';
import * as graph from 'wasmlp/graph';
import { add, grad, input, matmul, mul, type Node, parameter, ROWS, sub, sum, tanh } from 'wasmlp/graph';
import { centralDifferences, evaluate, referenceGradients } from '../reference/evaluate.js';
import { between, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const x = input('x', [1, 4]);
const w1 = parameter('w1', [4, 3]);
const w2 = parameter('w2', [3, 1]);
const feeds = {
  x: drawn('derivatives x', 4, between(0.3, 1.7)),
  w1: drawn('derivatives w1', 12),
  w2: drawn('derivatives w2', 3),
};
const entry = (node: Node, j: number) => graph.slice(node, 'columns', j, j + 1);

/** Functions of x with a Hessian that is not zero. */
const scalars: Readonly<Record<string, Node>> = {
  'the valley of Rosenbrock': [0, 1, 2]
    .map((i) =>
      add(
        mul(graph.square(sub(entry(x, i + 1), graph.square(entry(x, i)))), 100),
        graph.square(sub(1, entry(x, i))),
      ),
    )
    .reduce((a, b) => add(a, b)),
  'a quotient of powers': sum(graph.div(graph.power(x, 3), add(1, sum(graph.square(x))))),
  'a perceptron': matmul(tanh(matmul(x, w1)), w2),
  'a softmax': sum(mul(graph.softmax(x), [0.1, 0.4, 0.2, 0.9])),
};

/** By the reference: a row of the Jacobian for each entry of y. */
function referenceJacobian(y: Node, by: Node): number[] {
  const length = evaluate([y], feeds)[0]!.values.length;
  const flat = graph.reshape(y, [1, length]);
  return Array.from({ length }, (_, i) =>
    Array.from(referenceGradients(entry(flat, i), [by], feeds)[0]!.values),
  ).flat();
}

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(Object.entries(scalars))('the Hessian of %s', async (_name, y) => {
    const actual = await run(engine, { hessian: graph.hessian(y, x) }, feeds);
    const [gradient] = grad(y, [x]);
    expect(relativeError(actual.hessian!, referenceJacobian(gradient!, x))).toBeLessThanOrEqual(1e-5);
    // and without any derivative of ours: differences of the reference's gradient, a column at a time
    const columns = [0, 1, 2, 3].map((j) => centralDifferences(entry(gradient!, j), x, feeds).values);
    expect(
      relativeError(
        actual.hessian!,
        columns.flatMap((column) => [...column]),
      ),
    ).toBeLessThanOrEqual(1e-5);
  });

  it.each(Object.entries(scalars))('its product with a vector, %s', async (_name, y) => {
    const vector = input('vector', [1, 4]);
    const numbers = [0.5, -1, 2, 0.25];
    const [product] = graph.hessianVectorProduct(y, [x], [vector]);
    const all = { ...feeds, vector: numbers };
    const hessian = referenceJacobian(grad(y, [x])[0]!, x);
    const expected = [0, 1, 2, 3].map((i) =>
      numbers.reduce((total, number, j) => total + hessian[4 * i + j]! * number, 0),
    );
    expect(
      relativeError((await run(engine, { product: product! }, all)).product!, expected),
    ).toBeLessThanOrEqual(1e-5);
  });

  it('the product sees how parameters act on each other', async () => {
    const y = scalars['a perceptron']!;
    const vectors = [drawn('direction w1', 12), drawn('direction w2', 3)];
    const directions = [input('v1', [4, 3]), input('v2', [3, 1])];
    const products = graph.hessianVectorProduct(y, [w1, w2], directions);
    const actual = await run(
      engine,
      { w1: products[0]!, w2: products[1]! },
      { ...feeds, v1: vectors[0]!, v2: vectors[1]! },
    );
    for (const [i, by] of [w1, w2].entries()) {
      const expected = new Float64Array(vectors[i]!.length);
      // row i of the block matrix: d² y / d by d other, summed over both others
      for (const [k, other] of [w1, w2].entries()) {
        const block = referenceJacobian(grad(y, [by])[0]!, other);
        const width = vectors[k]!.length;
        expected.forEach((_, r) => {
          for (let c = 0; c < width; c++) expected[r]! += block[r * width + c]! * vectors[k]![c]!;
        });
      }
      expect(relativeError(actual[by.name]!, expected)).toBeLessThanOrEqual(1e-5);
    }
  });

  it('the Jacobian of a matrix by a matrix', async () => {
    const y = graph.softmax(matmul(graph.concat([x, mul(x, x)], 'rows'), w1));
    const actual = await run(
      engine,
      { byWeights: graph.jacobian(y, w1), byInputs: graph.jacobian(y, x) },
      feeds,
    );
    expect(relativeError(actual.byWeights!, referenceJacobian(y, w1))).toBeLessThanOrEqual(2e-6);
    expect(relativeError(actual.byInputs!, referenceJacobian(y, x))).toBeLessThanOrEqual(2e-6);
  });

  it('the Jacobian of softmax is diag(p) - p pᵀ', async () => {
    const { p, jacobian } = await run(
      engine,
      { p: graph.softmax(x), jacobian: graph.jacobian(graph.softmax(x), x) },
      feeds,
    );
    const expected = Array.from({ length: 16 }, (_, at) => {
      const [i, j] = [Math.floor(at / 4), at % 4];
      return (i === j ? p![i]! : 0) - p![i]! * p![j]!;
    });
    expect(relativeError(jacobian!, expected)).toBeLessThanOrEqual(2e-6);
  });

  it('the saliency of a batch is that of each of its samples', async () => {
    const batch = input('batch', [ROWS, 4]);
    const score = matmul(tanh(matmul(batch, w1)), w2);
    const rows = drawn('samples', 12);
    const { saliency } = await run(
      engine,
      { saliency: graph.saliency(score, batch) },
      { ...feeds, batch: rows },
    );
    for (let i = 0; i < 3; i++) {
      const sample = rows.subarray(4 * i, 4 * i + 4);
      const [slope] = referenceGradients(score, [batch], { ...feeds, batch: sample });
      expect(
        relativeError(saliency!.subarray(4 * i, 4 * i + 4), slope!.values.map(Math.abs)),
      ).toBeLessThanOrEqual(2e-6);
    }
  });
});
