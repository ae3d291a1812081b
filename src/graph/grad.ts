/**
 * Back-propagation as Goodfellow, Bengio and Courville give it (Deep Learning, algorithms 6.5 and 6.6): the gradient of a
 * scalar with respect to any symbols, as more graph. A symbol's gradient is the sum over its consumers of what their
 * operation's rule says; every gradient is built once. The result can be differentiated again.
 */
import { wrongRange, wrongType } from '../errors.js';
import { broadcastTo } from './broadcast.js';
import { add } from './elementwise.js';
import { constant } from './leaves.js';
import { ancestors, checkNode, gradientRule, isScalar, type Node, showShape } from './node.js';

/**
 * d y / d x for every x of `targets`, each of the shape of its x; zeros where y does not depend on x.
 * Throws a RangeError unless y is 1 x 1.
 */
export function grad(y: Node, targets: readonly Node[]): Node[] {
  checkNode('y', y);
  if (!Array.isArray(targets)) throw wrongType('targets', 'a list of symbols', targets);
  for (const target of targets) checkNode('target', target);
  if (!isScalar(y.shape)) throw wrongRange('y', 'a 1 x 1 value to differentiate', showShape(y.shape));

  const between = nodesBetween(y, targets);
  const contributions = new Map<Node, Node[]>([[y, [constant(1)]]]);
  const gradients = new Map<Node, Node>();
  // consumers have larger ids than what they consume: from the end, all of a node's contributions have arrived
  for (const node of [...between].reverse()) {
    const gradient = contributions.get(node)?.reduce((a, b) => add(a, b));
    if (!gradient) continue;
    gradients.set(node, gradient);
    node.inputs.forEach((operand, i) => {
      const rule = gradientRule(node.operation, i);
      if (!rule || !between.has(operand)) return;
      const parts = contributions.get(operand) ?? [];
      contributions.set(operand, [...parts, rule(gradient, node, ...node.inputs)]);
    });
  }
  return targets.map((target) => gradients.get(target) ?? broadcastTo(0, target.shape));
}

/** The nodes on a way from a target to y, operands first: the sub-graph the algorithm visits. */
function nodesBetween(y: Node, targets: readonly Node[]): Set<Node> {
  const between = new Set<Node>();
  for (const node of ancestors([y]))
    if (targets.includes(node) || node.inputs.some((operand) => between.has(operand))) between.add(node);
  return between;
}
