/** From ordered units to instructions: the last step that sees graph, the first that sees the machine's operations. */
import type { Node } from '../graph/node.js';
import { isTranspose, operandsOf, type Unit } from './fuse.js';
import type { Instruction } from './instruction.js';
import type { Place } from './job.js';
import { buildKernel } from './kernel.js';

/** What lowering must know of the surroundings of a unit. */
export interface Surroundings {
  /** Whether a value is read by another unit or must stand somewhere at the end. */
  readonly needed: (node: Node, unit: Unit) => boolean;
  readonly placeOf: (node: Node) => Place | undefined;
}

export function lowerUnit(unit: Unit, around: Surroundings): Instruction {
  const { core } = unit;
  if (!core) return { kind: 'map', kernel: lowerMap(unit, undefined, around) };
  const { lowering } = core.operation;
  switch (lowering.kind) {
    case 'matmul':
      return lowerProduct(unit, core, around);
    case 'reduce':
      return { kind: 'reduce', code: lowering.code, from: core.inputs[0]!, to: core };
    case 'transpose':
      return { kind: 'transpose', from: core.inputs[0]!, to: core };
    case 'random':
      return { kind: 'random', to: core };
    case 'move': {
      const rectangles = lowering.rectangles(core.inputs, core.attributes);
      return { kind: 'move', rectangles, clears: lowering.clears, to: core };
    }
    case 'reshape':
      return { kind: 'reshape', from: core.inputs[0]!, to: core };
    case 'take':
      return { kind: 'take', code: lowering.code, from: core.inputs[0]!, index: core.inputs[1]!, to: core };
    case 'softmax':
    case 'crossEntropy':
      return lowerSoftmax(unit, core);
    default:
      throw new Error(`compile: ${core.operation.name} has no instruction`);
  }
}

function lowerMap(unit: Unit, given: Node | undefined, around: Surroundings) {
  const outputs = unit.map.filter((node) => around.needed(node, unit));
  return buildKernel({ members: unit.map, outputs, given }, around.placeOf);
}

function lowerProduct(unit: Unit, core: Node, around: Surroundings): Instruction {
  const [a, b] = operandsOf(core);
  const biased = unit.map.find((node) => addsBias(node, core, unit, around));
  const product = biased ?? core;
  const rest = unit.map.filter((node) => node !== biased);
  return {
    kind: 'gemm',
    product,
    a: a!,
    b: b!,
    transposedA: isTranspose(core.inputs[0]!),
    transposedB: isTranspose(core.inputs[1]!),
    bias: biased ? biased.inputs.find((node) => node !== core)! : null,
    epilogue: rest.length > 0 ? lowerMap(unit, biased, around) : null,
  };
}

/** The addition of one row, which stands in memory already, to the product, where nothing else reads the product itself. */
function addsBias(node: Node, product: Node, unit: Unit, around: Surroundings): boolean {
  const bias = node.inputs.find((operand) => operand !== product);
  return (
    node.operation.name === 'add' &&
    node.inputs.includes(product) &&
    bias?.shape[0] === 1 &&
    !unit.map.includes(bias) &&
    bias.shape[1] === product.shape[1] &&
    !around.needed(product, unit) &&
    unit.map.filter((member) => member.inputs.includes(product)).length === 1
  );
}

function lowerSoftmax(unit: Unit, core: Node): Instruction {
  const pair = [core, unit.partner].filter((node) => node !== null);
  const loss = pair.find((node) => node.operation.lowering.kind === 'crossEntropy') ?? null;
  const probabilities = pair.find((node) => node.operation.lowering.kind === 'softmax') ?? null;
  return { kind: 'softmax', logits: core.inputs[0]!, probabilities, loss, target: loss?.inputs[1] ?? null };
}
