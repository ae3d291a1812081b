/**
 * The graph in its canonical form: equal subexpressions are one node, operations that stand for others are replaced
 * by them. After this pass no two nodes compute the same thing.
 */
import { type Attributes, ancestors, createNode, type Node } from '../graph/node.js';

/** For every node that the roots are made of: the node that stands for it. */
export function canonicalize(roots: readonly Node[]): Map<Node, Node> {
  const canonical = new Map<Node, Node>();
  const known = new Map<string, Node>();

  const visit = (node: Node): void => {
    const inputs = node.inputs.map((operand) => canonical.get(operand)!);
    const { lowering } = node.operation;
    if (lowering.kind === 'expand') {
      const expanded = lowering.expand(inputs, node.attributes);
      for (const inner of ancestors([expanded])) if (!canonical.has(inner)) visit(inner);
      canonical.set(node, canonical.get(expanded)!);
      return;
    }
    const key = keyOf(node, inputs);
    let found = known.get(key);
    if (!found) {
      const unchanged = inputs.every((operand, i) => operand === node.inputs[i]);
      found = unchanged ? node : createNode(node.operation, inputs, node.attributes);
      known.set(key, found);
    }
    canonical.set(node, found);
    canonical.set(found, found);
  };
  for (const node of ancestors(roots)) if (!canonical.has(node)) visit(node);
  return canonical;
}

function keyOf(node: Node, inputs: readonly Node[]): string {
  const { name } = node.operation;
  // as bits, because 0 and -0 are written alike
  if (node.values) return `${name} ${node.shape} ${new Uint32Array(node.values.buffer).join()}`;
  if (name === 'rowCount') return name;
  if (node.operation.lowering.kind === 'leaf') return `leaf ${node.id}`;
  return `${name} ${showAttributes(node.attributes)} ${inputs.map((operand) => operand.id)}`;
}

function showAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join();
}
