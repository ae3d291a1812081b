/**
 * Which nodes become one instruction. A unit is a set of nodes that the machine computes at once:
 * chains of elementwise operations of one shape; a product with its bias and the elementwise operations that follow it;
 * a softmax with the cross-entropy of the same logits. Every other node is a unit of its own.
 *
 * Two units may become one unless that closes a circle: something outside that needs the one and is needed by
 * the other.
 */
import { MAP_OPERANDS_LIMIT } from '../../assembly/isa.js';
import { type Node, sameShape } from '../graph/node.js';
import { elements } from './job.js';

export interface Unit {
  /** Elementwise nodes, operands first; for a product, its epilogue. */
  readonly map: Node[];
  /** The node that is not elementwise, if any. */
  core: Node | null;
  /** The cross-entropy that shares its logits with `core`, a softmax. */
  partner: Node | null;
}

/** What a node reads: a product reads through transpositions of its operands. */
export function operandsOf(node: Node): readonly Node[] {
  return node.operation.lowering.kind === 'matmul'
    ? node.inputs.map((x) => (isTranspose(x) ? x.inputs[0]! : x))
    : node.inputs;
}

export function isTranspose(node: Node): boolean {
  return node.operation.lowering.kind === 'transpose';
}

/** The nodes that the roots need, operands first. */
export function liveNodes(roots: readonly Node[]): Node[] {
  const live = new Set<Node>();
  const pending = [...roots];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    pending.push(...operandsOf(node));
  }
  return [...live].sort((a, b) => a.id - b.id);
}

/** The units of the live nodes. `updates` are values that overwrite a leaf: those with fewer elements than `largeUpdate` stay out of epilogues. */
export function fuse(live: readonly Node[], updates: ReadonlySet<Node>, largeUpdate: number): Unit[] {
  const users = new Map<Node, Node[]>(live.map((node) => [node, []]));
  for (const node of live) for (const operand of new Set(operandsOf(node))) users.get(operand)!.push(node);
  const unitOf = new Map<Node, Unit>();
  const isMap = (node: Node) => node.operation.lowering.kind === 'map';

  /** Whether the unit is reached from the node by a way that leaves the unit. Sought from its end, where few nodes have units yet. */
  const closesCircle = (node: Node, unit: Unit): boolean => {
    const beginnings = new Set(users.get(node)!.map((user) => unitOf.get(user)!));
    const seen = new Set([unit]);
    for (const at of seen)
      for (const operand of nodesOf(at).flatMap(operandsOf)) {
        const before = unitOf.get(operand);
        if (before === undefined || before === unit) continue;
        if (beginnings.has(before)) return true;
        seen.add(before);
      }
    return false;
  };

  // from the last node to the first: a node's users have their units already
  for (const node of [...live].reverse()) {
    const candidates = new Set(users.get(node)!.map((user) => unitOf.get(user)!));
    const partner = sharedLogits(node, users, unitOf);
    if (partner && !closesCircle(node, partner)) join(node, partner);
    else {
      const home = [...candidates].find((unit) => accepts(unit, node) && !closesCircle(node, unit));
      if (home) join(node, home);
      else
        unitOf.set(node, { map: isMap(node) ? [node] : [], core: isMap(node) ? null : node, partner: null });
    }
  }
  return [...new Set(unitOf.values())];

  function accepts(unit: Unit, node: Node): boolean {
    const first = unit.map[0];
    if (!first || unit.core || !sameShape(first.shape, node.shape)) return false;
    if (blocksOf([...unit.map, node]) > MAP_OPERANDS_LIMIT) return false;
    if (isMap(node)) return true;
    const small = elements(node.shape, 1) < largeUpdate;
    return (
      node.operation.lowering.kind === 'matmul' && !(small && unit.map.some((member) => updates.has(member)))
    );
  }

  /** Blocks that a MAP over these nodes needs at most: one for each value, one more for an update that must wait its turn. */
  function blocksOf(nodes: readonly Node[]): number {
    const values = new Set(nodes.flatMap((node) => [node, ...node.inputs]));
    return values.size + nodes.filter((node) => updates.has(node)).length;
  }

  function join(node: Node, unit: Unit): void {
    if (isMap(node)) unit.map.unshift(node);
    else if (unit.core) unit.partner = node;
    else unit.core = node;
    unitOf.set(node, unit);
  }
}

export function nodesOf(unit: Unit): Node[] {
  return [unit.core, unit.partner, ...unit.map].filter((node) => node !== null);
}

/** For a softmax or a cross-entropy: the unit of the other one over the same logits. */
function sharedLogits(
  node: Node,
  users: ReadonlyMap<Node, Node[]>,
  unitOf: ReadonlyMap<Node, Unit>,
): Unit | undefined {
  const { kind } = node.operation.lowering;
  if (kind !== 'softmax' && kind !== 'crossEntropy') return undefined;
  const other = kind === 'softmax' ? 'crossEntropy' : 'softmax';
  return users
    .get(node.inputs[0]!)!
    .filter((user) => user.operation.lowering.kind === other && user.inputs[0] === node.inputs[0])
    .map((user) => unitOf.get(user))
    .find((unit) => unit !== undefined && unit.partner === null);
}
