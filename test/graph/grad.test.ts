/** The algorithm of back-propagation itself: what it visits, sums, leaves out, and how much graph it builds. */
import { describe, expect, it } from 'vitest';
import {
  add,
  exp,
  grad,
  input,
  matmul,
  mul,
  type Node,
  ROWS,
  relu,
  step,
  sub,
  sum,
  tanh,
} from 'wasmlp/graph';
import { evaluate, type Feeds, referenceGradients } from '../reference/evaluate.js';
import { relativeError } from '../support/numbers.js';
import { ancestors } from '../support/run.js';

const x = input('x', [1, 2]);
const w = input('w', [1, 2]);
const feeds = { x: [0.5, -2], w: [3, 0.25] };

/** Numbers of a node in float64. */
const numbers = (node: Node, given: Feeds = feeds) => Array.from(evaluate([node], given)[0]!.values);

describe('grad', () => {
  it('sums where paths fork', () => {
    const [dx] = grad(sum(add(add(mul(x, x), x), mul(x, w))), [x]);
    expect(numbers(dx!)).toEqual([2 * 0.5 + 1 + 3, 2 * -2 + 1 + 0.25]);
  });

  it('gives zeros of the shape of what y does not depend on', () => {
    const batch = input('batch', [ROWS, 3]);
    const [dBatch, dw] = grad(sum(mul(x, x)), [batch, w]);
    expect(dBatch!.shape).toEqual([ROWS, 3]);
    expect(numbers(add(dBatch!, batch), { batch: [1, 2, 3, 4, 5, 6] })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(numbers(dw!)).toEqual([0, 0]);
  });

  it('gives zeros through what has no derivative', () => {
    expect(numbers(grad(sum(mul(step(x), w)), [x])[0]!)).toEqual([0, 0]);
  });

  it('differentiates with respect to an inner node, and to what lies before it', () => {
    const inner = tanh(mul(x, w));
    const y = sum(mul(inner, inner));
    const [dInner, dx] = grad(y, [inner, x]);
    expect(numbers(dInner!)).toEqual(numbers(mul(2, inner)));
    const [expected] = referenceGradients(y, [x], feeds);
    expect(relativeError(numbers(dx!), expected!.values)).toBeLessThan(1e-12);
  });

  it('gives 1 for y itself, and the same symbol for a target named twice', () => {
    const y = sum(mul(x, w));
    const [dy, first, second] = grad(y, [y, x, x]);
    expect(numbers(dy!)).toEqual([1]);
    expect(first).toBe(second);
  });

  it('builds each derivative once: a ladder of forks costs a few nodes a rung, not a power of two', () => {
    const rungs = 60;
    let y: Node = sum(x);
    for (let i = 0; i < rungs; i++) y = add(mul(y, 0.5), tanh(y));
    const forward = ancestors([y]);
    const backward = [...ancestors(grad(y, [x]))].filter((node) => !forward.has(node));
    // dy * 0.5, dy * (1 - tanh^2): five nodes with the constant, and the sum
    expect(backward.length).toBeLessThanOrEqual(7 * rungs + 5);
    expect(backward.length).toBeGreaterThan(3 * rungs);
  });

  it('asks no rule for a gradient that nobody wants', () => {
    const images = input('images', [ROWS, 4]);
    const first = input('first', [4, 3]);
    const second = input('second', [3, 2]);
    const y = sum(matmul(relu(matmul(images, first)), second));
    const products = (targets: Node[]) => {
      const forward = ancestors([y]);
      return [...ancestors(grad(y, targets))].filter(
        (node) => node.operation.name === 'matmul' && !forward.has(node),
      ).length;
    };
    expect(products([second])).toBe(1);
    expect(products([first, second])).toBe(3);
    expect(products([images, first, second])).toBe(4);
  });

  it('can be applied to its own result', () => {
    const [dx] = grad(sum(exp(sub(mul(x, w), 1))), [x]);
    const [dw] = grad(sum(dx!), [w]);
    const expected = [0, 1].map((i) => {
      const [a, b] = [feeds.x[i]!, feeds.w[i]!];
      return (1 + a * b) * Math.exp(a * b - 1);
    });
    numbers(dw!).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });
});
