/**
 * Elementwise instructions made one: where neighbours do the same to arrays that follow each other in memory, as an
 * optimizer does to every parameter, one pass over the whole stretch does it.
 */
import type { Node } from '../graph/node.js';
import { ROWS } from '../graph/node.js';
import type { Instruction, MapKernel } from './instruction.js';
import { bytesOf, elements, type Place, RESULTS, samePlace } from './job.js';

/** A MAP whose operands have places: what is written into memory. */
export interface PlacedMap {
  readonly kind: 'placedMap';
  readonly kernel: MapKernel;
  readonly full: readonly Place[];
  /** Elements, where the shape does not matter because nothing is stretched by rows or columns; else null. */
  readonly elements: number | null;
  /** Bytes between an operand and what may follow it. */
  readonly bytes: number;
}

export type PlacedInstruction = Exclude<Instruction, { kind: 'map' }> | PlacedMap;

export function coalesce(
  instructions: readonly Instruction[],
  placeOf: (node: Node) => Place,
  capacity: number,
): PlacedInstruction[] {
  const result: PlacedInstruction[] = [];
  for (const instruction of instructions) {
    if (instruction.kind !== 'map') {
      // the same numbers at the same place: nothing to do
      const stays =
        instruction.kind === 'reshape' && samePlace(placeOf(instruction.from), placeOf(instruction.to));
      if (!stays) result.push(instruction);
      continue;
    }
    const next = flatten(placeMap(instruction.kernel, placeOf, capacity), capacity);
    const previous = result.at(-1);
    const joined = previous?.kind === 'placedMap' ? join(previous, next) : null;
    if (joined) result[result.length - 1] = joined;
    else result.push(next);
  }
  return result;
}

/** As a matrix, which an epilogue must stay: it is run on some rows at a time. */
export function placeMap(kernel: MapKernel, placeOf: (node: Node) => Place, capacity: number): PlacedMap {
  return {
    kind: 'placedMap',
    kernel,
    full: kernel.operands.full.map(placeOf),
    elements: null,
    bytes: bytesOf(kernel.shape, capacity),
  };
}

function flatten(map: PlacedMap, capacity: number): PlacedMap {
  const { shape, operands } = map.kernel;
  const flat = operands.row.length + operands.column.length === 0 && !shape.includes(ROWS);
  return flat ? { ...map, elements: elements(shape, capacity) } : map;
}

function join(first: PlacedMap, second: PlacedMap): PlacedMap | null {
  if (first.elements === null || second.elements === null) return null;
  const [a, b] = [first.kernel, second.kernel];
  const sameWork =
    first.full.length === second.full.length &&
    a.operands.scalar.length === b.operands.scalar.length &&
    a.operands.scalar.every((node, i) => node === b.operands.scalar[i]) &&
    JSON.stringify(a.code) === JSON.stringify(b.code);
  if (!sameWork) return null;
  const follows = first.full.every((place, i) => {
    const next = second.full[i]!;
    return place.block === next.block && place.offset + first.bytes === next.offset;
  });
  if (!follows) return null;
  // the padding between the two is computed along: it is read by nobody
  const both = { ...first, elements: first.bytes / 4 + second.elements, bytes: first.bytes + second.bytes };
  return breaksContract(both) ? null : both;
}

/** Whether an output overlaps another array, or the results, which stand there without padding. */
function breaksContract({ kernel, full, bytes }: PlacedMap): boolean {
  const outputs = full.slice(full.length - kernel.outputs.length);
  return outputs.some(
    ({ block, offset }) =>
      block === RESULTS ||
      full.some(
        (other) =>
          other.block === block && other.offset !== offset && Math.abs(other.offset - offset) < bytes,
      ),
  );
}
