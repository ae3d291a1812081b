/** What a gradient costs, read off the compiled plan: a small multiple of the forward pass, and nothing computed twice. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import type { PlacedInstruction, PlacedMap } from '../../src/compile/coalesce.js';
import { compile, type Program } from '../../src/compile/compile.js';
import { report } from '../../src/compile/describe.js';
import { layout } from '../../src/compile/job.js';
import { ancestors, type Node } from '../../src/graph/node.js';
import {
  add,
  grad,
  input,
  leakyRelu,
  matmul,
  mean,
  mul,
  parameter,
  ROWS,
  relu,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  tanh,
} from '../../src/graph.js';

const CAPACITY = 128;
const activations: Readonly<Record<string, (z: Node) => Node>> = {
  leakyRelu,
  relu,
  sigmoid,
  softplus,
  tanh,
};

function planOf(stores: readonly Node[]): Program {
  const leaves = ancestors(stores).filter((node) => node.name !== '');
  const { places } = layout('memory', [...leaves, ...stores], CAPACITY);
  return compile({
    capacity: CAPACITY,
    leaves: new Map(leaves.map((leaf, i) => [leaf, places[i]!] as const)),
    stores: stores.map((value, i) => ({ value, place: places[leaves.length + i]! })),
  });
}

const flopOf = (stores: readonly Node[]) =>
  report(planOf(stores)).reduce((total, { flop }) => total + flop, 0);

/** A perceptron with softmax cross-entropy: its loss, and what it is differentiated by. */
function perceptron(sizes: readonly number[], activation: (z: Node) => Node) {
  let value: Node = input('x', [ROWS, sizes[0]!]);
  const parameters = sizes.slice(1).flatMap((units, i) => {
    const pair = [parameter(`w${i}`, [sizes[i]!, units]), parameter(`b${i}`, [1, units])];
    const z = add(matmul(value, pair[0]!), pair[1]!);
    value = i === sizes.length - 2 ? z : activation(z);
    return pair;
  });
  return { loss: mean(softmaxCrossEntropy(value, input('classes', [ROWS, 1]))), parameters };
}

const SIZES = [
  [784, 256, 128, 10],
  [64, 32, 10],
  [20, 50, 50, 50, 5],
  [10, 30, 3],
];

describe.each(Object.entries(activations))('a perceptron with %s', (_name, activation) => {
  it.each(SIZES)('of %i-%i-%i ... units: loss and gradient cost at most 4 forward passes', (...sizes) => {
    const { loss, parameters } = perceptron(sizes, activation);
    const forward = flopOf([loss]);
    const both = flopOf([loss, ...grad(loss, parameters)]);
    expect(both / forward).toBeLessThanOrEqual(4);
    expect(both / forward).toBeGreaterThan(1.5);
  });
});

/** Different things that are computed for the given nodes: stretching and transposing are ways of reading, leaves are there. */
function differentTerms(nodes: readonly Node[]): number {
  const terms = new Map<Node, string>();
  const numbers = new Map<string, number>();
  const computed = new Set<string>();
  for (const node of ancestors(nodes)) {
    const leaf = node.operation.lowering.kind === 'leaf';
    const own = node.values ? node.values.join() : leaf ? node.name : JSON.stringify(node.attributes);
    const text = `${node.operation.name} ${own} ${node.inputs.map((operand) => terms.get(operand))}`;
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    terms.set(node, String(numbers.get(text)));
    if (!leaf && !['broadcastTo', 'transpose'].includes(node.operation.name)) computed.add(text);
  }
  return computed.size;
}

/** Operations of the graph that the plan carries out, those of one instruction counted one by one. */
function operationsOf({ instructions, emission }: Program): number {
  const ofMap = (map: PlacedMap | undefined) =>
    (map?.kernel.code ?? []).reduce((sum, { code }) => sum + (OPERATIONS_IN.get(code) ?? 1), 0);
  const of = (instruction: PlacedInstruction): number => {
    if (instruction.kind === 'placedMap') return ofMap(instruction);
    const bias = instruction.kind === 'gemm' && instruction.bias ? 1 : 0;
    const both = instruction.kind === 'softmax' && instruction.probabilities && instruction.loss ? 1 : 0;
    return 1 + bias + both + ofMap(emission.epilogues.get(instruction));
  };
  return instructions.reduce((sum, instruction) => sum + of(instruction), 0);
}

const OPERATIONS_IN = new Map([
  [isa.F_COPY, 0],
  [isa.F_MUL_ADD, 2],
  [isa.F_NEG_MUL_ADD, 2],
]);

/** Says everything twice. */
const repetitive = (z: Node) => add(mul(tanh(z), sigmoid(z)), mul(tanh(z), sigmoid(z)));

it.each(Object.entries({ ...activations, repetitive }))(
  'every subexpression of a loss and its gradients is computed once, with %s',
  (_name, activation) => {
    const { loss, parameters } = perceptron([7, 6, 5, 4], activation);
    const stores = [loss, ...grad(loss, parameters)];
    expect(operationsOf(planOf(stores))).toBe(differentTerms(stores));
  },
);
