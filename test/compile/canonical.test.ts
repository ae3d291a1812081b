/** The canonical form: what is equal is computed once, what differs is not taken for equal. */
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/compile/canonical.js';
import { ancestors } from '../../src/graph/node.js';
import * as graph from '../../src/graph.js';
import {
  add,
  constant,
  input,
  matmul,
  mul,
  type Node,
  ROWS,
  rowCount,
  tanh,
  uniform,
} from '../../src/graph.js';
import { evaluate } from '../reference/evaluate.js';
import { drawn } from '../support/numbers.js';

const x = input('x', [ROWS, 3]);
const w = input('w', [3, 3]);
const key = { seed: 1, stream: 2 };

/** The nodes that stand for the given ones. */
function standIns(...nodes: Node[]): Node[] {
  const canonical = canonicalize(nodes);
  return nodes.map((node) => canonical.get(node)!);
}

const twice: readonly (readonly [string, () => Node])[] = [
  ['an elementwise expression', () => tanh(add(mul(x, 2), [1, 2, 3]))],
  ['a product', () => matmul(x, graph.transpose(w))],
  [
    'a constant',
    () =>
      constant([
        [1, 2.5],
        [NaN, Infinity],
      ]),
  ],
  ['the number of rows', () => rowCount()],
  ['random numbers of one key', () => uniform([ROWS, 3], key)],
  ['a loss that stands for others', () => graph.sigmoidCrossEntropy(x, [0, 1, 0])],
];

const different: readonly (readonly [string, Node, Node])[] = [
  ['operands in another order', graph.div(w, graph.exp(w)), graph.div(graph.exp(w), w)],
  ['constants of other shapes', constant([1, 2]), constant([[1], [2]])],
  ['constants 0 and -0', constant(0), constant(-0)],
  ['inputs of the same name', input('same', [1, 1]), input('same', [1, 1])],
  ['random numbers of two keys', uniform([2, 2], key), uniform([2, 2], { seed: 1, stream: 3 })],
  ['random numbers of two shapes', uniform([2, 3], key), uniform([3, 2], key)],
  ['stretching to two shapes', graph.broadcastTo(1, [2, 3]), graph.broadcastTo(1, [3, 2])],
  ['sums along two axes', graph.sum(w, 'rows'), graph.sum(w, 'columns')],
];

describe('canonicalize', () => {
  it.each(twice)('computes %s once', (_what, build) => {
    const [first, second] = standIns(build(), build());
    expect(first).toBe(second);
  });

  it.each(different)('tells %s apart', (_what, first, second) => {
    const [a, b] = standIns(first, second);
    expect(a).not.toBe(b);
  });

  it('leaves no operation that stands for others, and no node twice', () => {
    const forward = graph.mean(graph.sigmoidCrossEntropy(matmul(x, w), tanh(x)));
    const roots = [
      forward,
      ...graph.grad(forward, [w, x]),
      graph.mean(graph.sigmoidCrossEntropy(matmul(x, w), tanh(x))),
    ];
    const nodes = ancestors(standIns(...roots));
    expect(nodes.filter((node) => node.operation.lowering.kind === 'expand')).toEqual([]);
    const keys = nodes.map((node) =>
      [
        node.operation.name,
        node.name,
        node.values?.join(),
        JSON.stringify(node.attributes),
        ...node.inputs.map((i) => i.id),
      ].join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(nodes.every((node) => node.inputs.every((operand) => operand.id < node.id))).toBe(true);
  });

  it('changes no value', () => {
    const feeds = { x: drawn('canonical x', 12), w: drawn('canonical w', 9) };
    const y = graph.sum(graph.sigmoidCrossEntropy(matmul(x, w), tanh(x)), 'rows');
    const [standIn] = standIns(y);
    const [expected, actual] = evaluate([y, standIn!], feeds);
    actual!.values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected!.values[i]!, 12);
    });
  });
});
