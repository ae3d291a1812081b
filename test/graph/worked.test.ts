/** Examples worked out in books, to the digits printed there. */
import { describe, expect, it } from 'vitest';
import { add, grad, input, matmul, mul, relu, sigmoid } from 'wasmlp/graph';
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
});
