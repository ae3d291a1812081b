/**
 * A symbol: one operation applied to other symbols. Every value is a matrix; a scalar is 1 x 1, a bias 1 x n, a batch of
 * samples ROWS x n. A node knows its shape and nothing of numbers, memory or machines.
 *
 * Not here: what the operations are (elementwise.ts and its neighbours) and how they are differentiated (their rows there, and grad.ts).
 */
import { wrongRange, wrongType } from '../errors.js';

/** The dimension that is only known when a program runs: the number of samples in the batch. */
export const ROWS = 'rows';
export type Dimension = number | typeof ROWS;
/** [rows, columns]. */
export type Shape = readonly [Dimension, Dimension];

export type AttributeValue = number | string | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** How one operation behaves. One object for each operation, kept in the tables of this folder. */
export interface Operation {
  readonly name: string;
  /** The shape of the result; throws a RangeError where the operands do not fit. */
  shape(inputs: readonly Node[], attributes: Attributes): Shape;
  /**
   * For each operand: the gradient of a scalar with respect to it, given the gradient `dy` with respect to the result `y`,
   * as more graph; or null where it is zero everywhere it exists. A function of the operand's number where there may be any
   * number of them.
   */
  readonly gradient: readonly (GradientRule | null)[] | ((operand: number) => GradientRule);
  /** What the compiler makes of it. */
  readonly lowering: Lowering;
}

export type GradientRule = (dy: Node, y: Node, ...operands: Node[]) => Node;

/** The kinds of instruction an operation can become; see src/compile. */
export type Lowering =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'map'; readonly code: number }
  | { readonly kind: 'matmul' }
  | { readonly kind: 'transpose' }
  | { readonly kind: 'reduce'; readonly code: number }
  | { readonly kind: 'softmax' }
  | { readonly kind: 'crossEntropy' }
  | { readonly kind: 'random' }
  /** Parts of the operands, each at its place in the result; where they do not cover it, it `clears` the rest to zero. */
  | { readonly kind: 'move'; readonly clears: boolean; readonly rectangles: Rectangles }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'take'; readonly code: number }
  /** Computed as other operations; has a row of its own only for the sake of a better gradient rule. */
  | { readonly kind: 'expand'; readonly expand: (inputs: readonly Node[], attributes: Attributes) => Node };

type Rectangles = (inputs: readonly Node[], attributes: Attributes) => readonly Rectangle[];

/** A part of a matrix and where it goes; places are [row, column]. */
export interface Rectangle {
  readonly from: Node;
  readonly shape: Shape;
  /** Where it begins in `from`. */
  readonly cut: readonly [number, number];
  /** Where it begins in the result. */
  readonly put: readonly [number, number];
}

/** The rule for operand i. */
export function gradientRule({ gradient }: Operation, i: number): GradientRule | null {
  return typeof gradient === 'function' ? gradient(i) : (gradient[i] ?? null);
}

export interface Node {
  /** Grows with creation: operands have smaller numbers than what uses them. */
  readonly id: number;
  readonly operation: Operation;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  /** Leaves carry the name under which they are fed or stored; other nodes '' unless `named`. */
  readonly name: string;
  /** Constants only: row-major values. */
  readonly values?: Float32Array;
}

let created = 0;
/** What `createNode` made: an object that only looks like a symbol has been through no shape rule. */
const made = new WeakSet<object>();

export function createNode(
  operation: Operation,
  inputs: readonly Node[],
  attributes: Attributes = {},
  leaf: { name?: string; shape?: Shape; values?: Float32Array } = {},
): Node {
  const shape = leaf.shape ?? operation.shape(inputs, attributes);
  const node = { id: created++, operation, inputs, attributes, shape, name: leaf.name ?? '' };
  const frozen = Object.freeze(leaf.values ? { ...node, values: leaf.values } : node);
  made.add(frozen);
  return frozen;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && made.has(value);
}

export function checkNode(name: string, value: unknown): Node {
  if (!isNode(value)) throw wrongType(name, 'a symbol of the graph', value);
  return value;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function isScalar(shape: Shape): boolean {
  return shape[0] === 1 && shape[1] === 1;
}

export function showShape(shape: Shape): string {
  return `${shape[0]} x ${shape[1]}`;
}

/** The shape of elementwise operations: a dimension of 1 stretches to the other operand's. */
export function broadcast(name: string, ...shapes: Shape[]): Shape {
  const [rows, columns] = [0, 1].map((axis) => {
    const sizes = new Set(shapes.map((shape) => shape[axis]!).filter((size) => size !== 1));
    if (sizes.size > 1)
      throw wrongRange(name, 'operands of equal dimensions, or 1', shapes.map(showShape).join(' and '));
    return sizes.values().next().value ?? 1;
  });
  return [rows!, columns!];
}

/** All nodes that the given ones are made of, operands first, each once. */
export function ancestors(roots: readonly Node[]): Node[] {
  const found = new Set<Node>();
  const pending = [...roots];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    pending.push(...node.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
