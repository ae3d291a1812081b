/**
 * From a cluster of elementwise nodes to the code of a MAP: which arrays it reads and writes, and its operations with
 * their intermediate results assigned to as few temporaries as possible.
 */
import { F_COPY, F_MUL_ADD, F_NEG_MUL_ADD, MAP_OPERANDS_LIMIT } from '../../assembly/isa.js';
import { isScalar, type Node, type Shape, sameShape } from '../graph/node.js';
import type { MapKernel, MapOperation } from './instruction.js';
import { type Place, samePlace } from './job.js';

export interface Cluster {
  /** Elementwise nodes of one shape, operands first. */
  readonly members: readonly Node[];
  /** Members that must stand in memory afterwards. */
  readonly outputs: readonly Node[];
  /** A member that is already computed when the kernel begins: a product with its bias. */
  readonly given?: Node | undefined;
}

/** An operation with nodes for operands, before numbers are assigned. */
interface Step {
  readonly code: number;
  readonly to: Node;
  readonly from: readonly Node[];
}

/** `placeOf` says where leaves stand and outputs must be stored, as far as that is settled already. */
export function buildKernel(cluster: Cluster, placeOf: (node: Node) => Place | undefined): MapKernel {
  const shape = cluster.members[0]!.shape;
  const steps = fuseMultiplyAdd(cluster, toSteps(cluster));
  const outputs = cluster.outputs.filter((node) => node !== cluster.given);
  // what is overwritten but read again later is computed beside and copied at the end
  const deferred = outputs.filter((node) => overwritesTooEarly(node, steps, placeOf));

  const made = new Set(steps.map((step) => step.to));
  const arrays = [...new Set(steps.flatMap((step) => step.from))].filter((node) => !made.has(node));
  const kind = (node: Node) => operandKind(node.shape, shape);
  const operands = {
    full: [...arrays.filter((node) => kind(node) === 'full'), ...outputs],
    row: arrays.filter((node) => kind(node) === 'row'),
    column: arrays.filter((node) => kind(node) === 'column'),
    scalar: arrays.filter((node) => kind(node) === 'scalar'),
  };
  const numbered = [...operands.full, ...operands.row, ...operands.column, ...operands.scalar];
  const numbers = new Map(numbered.map((node, i) => [node, i] as const));
  for (const node of deferred) numbers.delete(node);
  const { code, temporaries } = assignTemporaries(steps, deferred, numbers, numbered);
  if (numbered.length + temporaries > MAP_OPERANDS_LIMIT)
    throw new Error(`compile: an elementwise expression needs ${numbered.length + temporaries} blocks`);
  return { shape, operands, outputs, code, temporaries };
}

function operandKind(operand: Shape, shape: Shape): 'full' | 'row' | 'column' | 'scalar' {
  if (sameShape(operand, shape)) return 'full';
  if (isScalar(operand)) return 'scalar';
  return operand[0] === 1 ? 'row' : 'column';
}

/** One step a member; stretching costs none, because every operand is stretched as it is read. */
function toSteps({ members, outputs, given }: Cluster): Step[] {
  const stretched = new Map<Node, Node>();
  const steps: Step[] = [];
  for (const node of members) {
    if (node === given) continue;
    const { lowering } = node.operation;
    if (lowering.kind !== 'map') throw new Error(`${node.operation.name} is not elementwise`);
    const from = node.inputs.map((operand) => stretched.get(operand) ?? operand);
    if (lowering.code === F_COPY && !outputs.includes(node)) stretched.set(node, from[0]!);
    else steps.push({ code: lowering.code, to: node, from });
  }
  return steps;
}

/** What names a product: of two, or of one by itself. */
const PRODUCTS = ['mul', 'square'];

/** a * b + c and c - a * b become one operation where nobody else needs the product. */
function fuseMultiplyAdd(cluster: Cluster, steps: Step[]): Step[] {
  const made = new Map(steps.map((step) => [step.to, step]));
  const uses = new Map<Node, number>();
  for (const node of steps.flatMap((step) => step.from)) uses.set(node, (uses.get(node) ?? 0) + 1);
  const isProduct = (node: Node) =>
    made.has(node) &&
    PRODUCTS.includes(node.operation.name) &&
    uses.get(node) === 1 &&
    !cluster.outputs.includes(node);
  const absorbed = new Set<Node>();
  const fused = steps.map((step): Step => {
    const { name } = step.to.operation;
    const [x, y] = step.from;
    const product =
      name === 'add' ? step.from.find(isProduct) : name === 'sub' && isProduct(y!) ? y : undefined;
    if (!product) return step;
    absorbed.add(product);
    const other = product === x ? y! : x!;
    const [a, b = a] = made.get(product)!.from;
    return {
      code: name === 'add' ? F_MUL_ADD : F_NEG_MUL_ADD,
      to: step.to,
      from: [a!, b!, other],
    };
  });
  return fused.filter((step) => !absorbed.has(step.to));
}

function overwritesTooEarly(
  output: Node,
  steps: readonly Step[],
  placeOf: (node: Node) => Place | undefined,
): boolean {
  const place = placeOf(output);
  if (!place) return false;
  const after = steps.slice(steps.findIndex((step) => step.to === output) + 1);
  return after.some((step) => step.from.some((node) => node !== output && samePlace(placeOf(node), place)));
}

function assignTemporaries(
  steps: readonly Step[],
  deferred: readonly Node[],
  numbers: Map<Node, number>,
  numbered: readonly Node[],
): { code: MapOperation[]; temporaries: number } {
  const lastUse = new Map<Node, number>();
  steps.forEach((step, i) => {
    for (const node of step.from) lastUse.set(node, i);
  });
  for (const node of deferred) lastUse.set(node, steps.length);
  const free: number[] = [];
  let temporaries = 0;
  const code = steps.map((step, i): MapOperation => {
    const from = step.from.map((node) => numbers.get(node)!);
    // an operand that ends here may be overwritten: an operation reads a lane before it writes it
    for (const node of new Set(step.from))
      if (lastUse.get(node) === i && numbers.get(node)! >= numbered.length) free.push(numbers.get(node)!);
    let to = numbers.get(step.to);
    if (to === undefined) {
      to = free.pop() ?? numbered.length + temporaries++;
      numbers.set(step.to, to);
    }
    return { code: step.code, to, from };
  });
  for (const node of deferred)
    code.push({ code: F_COPY, to: numbered.indexOf(node), from: [numbers.get(node)!] });
  return { code, temporaries };
}
