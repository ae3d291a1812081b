/** A trace: every value and every δ of the gates example, worked out by hand; of networks, against the reference. */
import { describe, expect, it } from 'vitest';
import { batchNormalization, dense, dropout, mlp } from 'wasmlp';
import { add, div, input, parameter, ROWS, sigmoid, square, sum } from 'wasmlp/graph';
import { graphOf, trace } from 'wasmlp/inspect';
import { evaluate, referenceGradients } from '../reference/evaluate.js';
import { drawn, relativeError } from '../support/numbers.js';

const x = input('x', [1, 1]);
const y = input('y', [1, 1]);

it('the gates: f = (x + σ(y)) / (σ(x) + (x + y)²) at (3, -4)', () => {
  const f = div(add(x, sigmoid(y)), add(sigmoid(x), square(add(x, y))));
  const sigma = (z: number) => 1 / (1 + Math.exp(-z));
  const numerator = 3 + sigma(-4);
  const denominator = sigma(3) + 1;
  const dDenominator = -numerator / denominator ** 2;
  const expected: readonly (readonly [string, number, number])[] = [
    ['x', 3, 1 / denominator + dDenominator * (sigma(3) * (1 - sigma(3)) - 2)],
    ['y', -4, (sigma(-4) * (1 - sigma(-4))) / denominator - 2 * dDenominator],
    ['sigmoid', sigma(-4), 1 / denominator],
    ['add', numerator, 1 / denominator],
    ['sigmoid', sigma(3), dDenominator],
    ['add', -1, -2 * dDenominator],
    ['square', 1, dDenominator],
    ['add', denominator, dDenominator],
    ['div', numerator / denominator, 1],
  ];
  const { rows, text } = trace(f, { x: 3, y: -4 });
  expect(rows.map(({ name, operation }) => name || operation)).toEqual(expected.map(([name]) => name));
  rows.forEach(({ value, delta }, i) => {
    expect(value[0]![0]).toBeCloseTo(expected[i]![1], 12);
    expect(delta![0]![0]).toBeCloseTo(expected[i]![2], 12);
  });
  expect(text.split('\n')).toHaveLength(10);
  expect(text.split('\n')[9]).toMatch(/^n8 +div\(n3, n7\) +1 x 1 +1\.546 +1$/);
});

it('constants have values and no δ; what f does not depend on smoothly has δ 0', () => {
  const { rows } = trace(sum(add(x, [1, 2, 3])), { x: 4 });
  expect(rows.find(({ operation }) => operation === 'constant')).toMatchObject({
    value: [[1, 2, 3]],
    delta: null,
  });
  expect(rows.at(-1)).toMatchObject({ operation: 'sumColumns', value: [[18]], delta: [[1]] });
  expect(rows[0]).toMatchObject({ name: 'x', operands: [], delta: [[3]] });
});

describe('a model', () => {
  it('is traced with its own numbers: δ of its parameters are its gradients', async () => {
    using model = await mlp({
      inputs: 4,
      layers: [dense(5, 'tanh'), dropout(0.5), batchNormalization(), dense(3)],
      loss: 'softmaxCrossEntropy',
      seed: 7,
    });
    const inputs = drawn('traced', 24);
    const targets = [0, 2, 1, 1, 0, 2];
    const graph = graphOf(model);
    expect(graph.layers).toHaveLength(4);
    expect(Object.keys(graph.parameters)).toEqual(Object.keys(model.getParameters()));
    const { rows } = trace(graph.loss, { ...graph.values, inputs, targets });
    const { loss, gradients } = model.gradients(inputs, targets);
    expect(rows.at(-1)!.value[0]![0]).toBeCloseTo(loss, 5);
    for (const [name, slope] of Object.entries(gradients)) {
      const delta = rows.find((row) => row.name === name)!.delta!.flat();
      expect(relativeError(slope, delta), name).toBeLessThanOrEqual(5e-6);
    }
    // and the other kind of target
    const oneHot = targets.flatMap((target) => [0, 1, 2].map((j) => (j === target ? 1 : 0)));
    const values = graphOf(model, { targets: 'values' });
    const again = trace(values.loss, { ...values.values, inputs, targets: oneHot });
    expect(again.rows.at(-1)!.value[0]![0]).toBeCloseTo(loss, 5);
  });
});

it('agrees with the reference on every node of a network', () => {
  const batch = input('batch', [ROWS, 3]);
  const w = parameter('w', [3, 2]);
  const loss = sum(square(sigmoid(add(sum(batch, 'columns'), sum(w, 'rows')))));
  const feeds = { batch: drawn('batch', 15), w: drawn('w', 6) };
  const { rows } = trace(loss, feeds);
  const nodes = [batch, w];
  for (const [i, slope] of referenceGradients(loss, nodes, feeds).entries())
    expect(
      relativeError(rows.find(({ name }) => name === nodes[i]!.name)!.delta!.flat(), slope.values),
    ).toBeLessThan(1e-12);
  expect(rows.at(-1)!.value[0]![0]).toBeCloseTo(evaluate([loss], feeds)[0]!.values[0]!, 12);
});
