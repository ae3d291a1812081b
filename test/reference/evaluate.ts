/**
 * Any graph, evaluated and differentiated in float64: forward by the rules in order, backward by one sweep that knows
 * nothing of src/graph/grad.ts, and a second time by central differences, which need no derivative at all.
 */
import { ancestors, type Node, ROWS } from '../../src/graph/node.js';
import { type Matrix, matrix, sizesOf, zeros } from './matrix.js';
import { type Circumstances, rules } from './rules.js';

/** Row-major numbers for inputs and parameters, by name. */
export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/** Values of the nodes for the given feeds. `given` replaces what a node computes. */
export function evaluate(
  nodes: readonly Node[],
  feeds: Feeds,
  counter = 0,
  given: ReadonlyMap<Node, Matrix> = new Map(),
): Matrix[] {
  const values = evaluateAll(nodes, feeds, counter, given);
  return nodes.map((node) => values.get(node)!);
}

/** d y / d target for every target, by the rules' backward halves. */
export function referenceGradients(y: Node, targets: readonly Node[], feeds: Feeds, counter = 0): Matrix[] {
  const values = evaluateAll([y], feeds, counter, new Map());
  const gradients = new Map<Node, Matrix>([[y, matrix(1, 1, () => 1)]]);
  for (const node of ancestors([y]).reverse()) {
    const dy = gradients.get(node);
    const rule = rules[node.operation.name];
    if (!dy || !rule) continue;
    const operands = node.inputs.map((operand) => values.get(operand)!);
    rule.backward(dy, values.get(node)!, operands, node.attributes).forEach((part, i) => {
      const operand = node.inputs[i]!;
      if (!part) return;
      const sum = gradients.get(operand) ?? zeros(values.get(operand)!);
      part.values.forEach((value, at) => {
        sum.values[at]! += value;
      });
      gradients.set(operand, sum);
    });
  }
  return targets.map((target) => gradients.get(target) ?? zeros(evaluate([target], feeds, counter)[0]!));
}

/**
 * d y / d target by (f(x + h) - f(x - h)) / 2h with h = 2^-17 max(1, |x|), where truncation and rounding cost alike:
 * about 1e-10 each for functions of order 1.
 */
export function centralDifferences(y: Node, target: Node, feeds: Feeds, counter = 0): Matrix {
  const values = evaluateAll([y, target], feeds, counter, new Map());
  const center = values.get(target)!;
  const dependent = dependents(y, target);
  const fixed = new Map([...values].filter(([node]) => !dependent.has(node)));
  const valueWith = (place: number, shift: number): number => {
    const moved = { ...center, values: center.values.slice() };
    moved.values[place]! += shift;
    return evaluate([y], feeds, counter, new Map([...fixed, [target, moved]]))[0]!.values[0]!;
  };
  return matrix(center.rows, center.columns, (i, j) => {
    const place = i * center.columns + j;
    const h = 2 ** -17 * Math.max(1, Math.abs(center.values[place]!));
    return (valueWith(place, h) - valueWith(place, -h)) / (2 * h);
  });
}

function evaluateAll(
  nodes: readonly Node[],
  feeds: Feeds,
  counter: number,
  given: ReadonlyMap<Node, Matrix>,
): Map<Node, Matrix> {
  const order = ancestors(nodes);
  const now: Circumstances = { rows: batchRows(order, feeds), counter };
  const values = new Map(given);
  for (const node of order) if (!values.has(node)) values.set(node, compute(node, values, feeds, now));
  return values;
}

function compute(node: Node, values: ReadonlyMap<Node, Matrix>, feeds: Feeds, now: Circumstances): Matrix {
  const [rows, columns] = sizesOf(node, now.rows);
  const numbers = node.values ?? feeds[node.name];
  if (node.name !== '' || node.values) {
    if (numbers?.length !== rows * columns)
      throw new Error(`reference: no ${rows * columns} numbers for '${node.name}'`);
    return { rows, columns, values: Float64Array.from(numbers) };
  }
  const rule = rules[node.operation.name];
  if (!rule) throw new Error(`reference: no rule for ${node.operation.name}`);
  const operands = node.inputs.map((operand) => values.get(operand)!);
  return rule.forward(operands, [rows, columns], node.attributes, now);
}

/** The samples of the batch, as the first leaf with ROWS rows has them. */
function batchRows(order: readonly Node[], feeds: Feeds): number {
  const leaf = order.find((node) => node.name !== '' && node.shape.includes(ROWS));
  if (!leaf) return 1;
  const [fixed] = leaf.shape.filter((size) => size !== ROWS);
  return (feeds[leaf.name]?.length ?? 0) / Number(fixed);
}

function dependents(y: Node, target: Node): Set<Node> {
  const found = new Set([target]);
  for (const node of ancestors([y])) if (node.inputs.some((operand) => found.has(operand))) found.add(node);
  return found;
}
