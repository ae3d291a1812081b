/** Examples worked out in books, to the digits printed there. */
import { describe, expect, it } from 'vitest';
import { add, div, exp, grad, input, matmul, maximum, mul, relu, sigmoid, square, sum } from 'wasmlp/graph';
import { relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

describe.each(engines)('worked examples on the $build build', ({ engine }) => {
  it('the XOR network of Goodfellow, Bengio and Courville, section 6.1', async () => {
    const x = input('X', [4, 2]);
    const hidden = relu(
      add(
        matmul(x, [
          [1, 1],
          [1, 1],
        ]),
        [0, -1],
      ),
    );
    const y = add(matmul(hidden, [[1], [-2]]), 0);
    const outputs = await run(engine, { hidden, y }, { X: [0, 0, 0, 1, 1, 0, 1, 1] });
    expect(Array.from(outputs.hidden!)).toEqual([0, 0, 1, 0, 1, 0, 2, 1]);
    expect(Array.from(outputs.y!)).toEqual([0, 1, 1, 0]);
  });

  it('the sigmoid gate of CS231n: 0.73, and a local gradient of 0.2', async () => {
    const names = ['w0', 'x0', 'w1', 'x1', 'w2'];
    const [w0, x0, w1, x1, w2] = names.map((name) => input(name, [1, 1]));
    const dot = add(add(mul(w0!, x0!), mul(w1!, x1!)), w2!);
    const f = sigmoid(dot);
    const [dDot, dw0, dx0, dw1, dx1, dw2] = grad(f, [dot, w0!, x0!, w1!, x1!, w2!]);
    const outputs = { f, dDot: dDot!, dw0: dw0!, dx0: dx0!, dw1: dw1!, dx1: dx1!, dw2: dw2! };
    const feeds = { w0: [2], x0: [-1], w1: [-3], x1: [-2], w2: [-3] };
    const printed = Object.entries(await run(engine, outputs, feeds)).map(([name, [value]]) => [
      name,
      value!.toFixed(2),
    ]);
    expect(Object.fromEntries(printed)).toEqual({
      f: '0.73',
      dDot: '0.20',
      dw0: '-0.20',
      dx0: '0.39',
      dw1: '-0.39',
      dx1: '-0.59',
      dw2: '0.20',
    });
  });

  it('f = (x + σ(y)) / (σ(x) + (x + y)²), whole and staged: every δ, by the rules of the gates', async () => {
    const [x, y] = [input('x', [1, 1]), input('y', [1, 1])];
    const sigmoidY = sigmoid(y);
    const numerator = add(x, sigmoidY);
    const sigmoidX = sigmoid(x);
    const both = add(x, y);
    const squared = square(both);
    const denominator = add(sigmoidX, squared);
    const inverse = div(1, denominator);
    const whole = mul(numerator, inverse);
    const nodes = { inverse, denominator, squared, both, sigmoidX, numerator, sigmoidY, x, y };
    const deltas = grad(whole, Object.values(nodes));
    const outputs = Object.fromEntries(Object.keys(nodes).map((name, i) => [name, deltas[i]!]));
    const actual = await run(engine, { whole, ...outputs }, { x: [3], y: [-4] });

    // the stages of the lecture notes, in float64: each gate multiplies what comes back by its own derivative
    const [a, b] = [3, -4];
    const sigma = (z: number) => 1 / (1 + Math.exp(-z));
    const num = a + sigma(b);
    const den = sigma(a) + (a + b) ** 2;
    const dinverse = num;
    const dden = (-1 / den ** 2) * dinverse;
    const dboth = 2 * (a + b) * dden;
    const dnum = 1 / den;
    const expected = {
      whole: num / den,
      inverse: dinverse,
      denominator: dden,
      squared: dden,
      both: dboth,
      sigmoidX: dden,
      numerator: dnum,
      sigmoidY: dnum,
      x: dboth + (1 - sigma(a)) * sigma(a) * dden + dnum,
      y: dboth + (1 - sigma(b)) * sigma(b) * dnum,
    };
    for (const [name, value] of Object.entries(expected))
      expect(Math.abs(actual[name]![0]! / value - 1), name).toBeLessThanOrEqual(2e-6);
  });

  it('the sigmoid as one gate and as four has one derivative', async () => {
    const z = input('z', [1, 9]);
    const staged = div(1, add(1, exp(mul(z, -1))));
    const [dStaged, dWhole] = [staged, sigmoid(z)].map((f) => grad(sum(f), [z])[0]!);
    const feeds = { z: [-6, -3, -1, -0.25, 0, 0.5, 1, 2, 5] };
    const actual = await run(
      engine,
      { staged, whole: sigmoid(z), dStaged: dStaged!, dWhole: dWhole! },
      feeds,
    );
    expect(relativeError(actual.staged!, actual.whole!)).toBeLessThanOrEqual(2e-6);
    expect(relativeError(actual.dStaged!, actual.dWhole!)).toBeLessThanOrEqual(2e-6);
  });

  it('add distributes, multiply swaps, max routes', async () => {
    const [x, y] = [input('x', [1, 1]), input('y', [1, 1])];
    const gates = { add: add(x, y), multiply: mul(x, y), max: maximum(x, y) };
    const feeds = { x: [3], y: [-4] };
    const gradients = Object.values(gates).flatMap((gate) => grad(mul(gate, 2), [x, y]));
    const outputs = Object.fromEntries(gradients.map((node, i) => [String(i), node]));
    const actual = Object.values(await run(engine, outputs, feeds)).map(([value]) => value);
    expect(actual).toEqual([2, 2, -8, 6, 2, 0]);
  });
});
