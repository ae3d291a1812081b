/**
 * How threads share a program: which instructions are worth dividing, and before which ones threads must have met because something
 * that is read or overwritten was another thread's business, or because both are products, parts of which threads claim. Threads that are not
 * needed wait at the next meeting.
 *
 * Not here: who does which part, which the machine decides by the number of threads (assembly/team.ts).
 */
import { SUM_ALL, SYNC_BEFORE, SYNC_SPLIT } from '../../assembly/isa.js';
import type { Node } from '../graph/node.js';
import type { PlacedInstruction, PlacedMap } from './coalesce.js';
import { reads, writes } from './instruction.js';
import { bytesOf, elements, type Place } from './job.js';
import { bytesOfPanels } from './plan.js';

/** Time of an instruction on one thread, in ns, from which on dividing it pays for the meeting: about 0.3 µs, and cache misses. */
export const WORTH_SPLITTING = 2500;

export interface Surroundings {
  readonly placeOf: (node: Node) => Place;
  readonly panelsOf: (instruction: PlacedInstruction) => Place | undefined;
  readonly epilogues: ReadonlyMap<PlacedInstruction, PlacedMap>;
  readonly capacity: number;
}

/** Floating-point operations of a product that is worth measuring tiles with: 50 µs of work. */
const HEAVY_FLOP = 2.5e6;

export function isHeavy(instructions: readonly PlacedInstruction[], { capacity }: Surroundings): boolean {
  return instructions.some((item) => item.kind === 'gemm' && 2 * multiplyAdds(item, capacity) >= HEAVY_FLOP);
}

/** The SYNC word of every instruction: no bits at all where none is worth dividing. */
export function splitAmongThreads(
  instructions: readonly PlacedInstruction[],
  around: Surroundings,
  worthSplitting = WORTH_SPLITTING,
): number[] {
  const divided = instructions.map((instruction) => nanoseconds(instruction, around) >= worthSplitting);
  if (!divided.includes(true)) return instructions.map(() => 0);
  // since the last meeting
  let pending: { access: Access; everybody: boolean; claims: boolean }[] = [];
  return instructions.map((instruction, i) => {
    // what has been claimed of one product says nothing of the next
    const claims = divided[i]! && instruction.kind === 'gemm';
    // the outcome of a check is everybody's
    const everybody = divided[i]! || instruction.kind === 'check';
    const access = accessOf(instruction, around);
    const meets = pending.some(
      (earlier) =>
        (claims && earlier.claims) || ((everybody || earlier.everybody) && conflicts(earlier.access, access)),
    );
    if (meets) pending = [];
    pending.push({ access, everybody, claims });
    return (everybody ? SYNC_SPLIT : 0) | (meets ? SYNC_BEFORE : 0);
  });
}

/** Time of an instruction on one thread, roughly; where it is large enough to matter it need not be exact. */
function nanoseconds(instruction: PlacedInstruction, { epilogues, capacity }: Surroundings): number {
  const size = (node: Node) => elements(node.shape, capacity);
  switch (instruction.kind) {
    case 'gemm': {
      const then = epilogues.get(instruction);
      return multiplyAdds(instruction, capacity) / 25 + (then ? nanosecondsOfMap(then, capacity) : 0);
    }
    case 'placedMap':
      return nanosecondsOfMap(instruction, capacity);
    case 'reduce':
      // everything at once is one sum, whose order is fixed
      return instruction.code === SUM_ALL ? 0 : size(instruction.from) / 5;
    case 'softmax':
      return size(instruction.logits) * 2;
    case 'random':
      return size(instruction.to) * 2;
    case 'gather':
    case 'transpose':
    case 'move':
      return size(instruction.to) / 4;
    case 'take':
      return Math.max(size(instruction.from), size(instruction.to)) / 4;
    case 'copy':
    case 'reshape':
      return size(instruction.from) / 8;
    case 'check':
      return 0;
  }
}

function multiplyAdds({ a, product, transposedA }: Gemm, capacity: number): number {
  return elements(product.shape, capacity) * elements([transposedA ? a.shape[0] : a.shape[1], 1], capacity);
}

function nanosecondsOfMap({ kernel, elements: count }: PlacedMap, capacity: number): number {
  return ((count ?? elements(kernel.shape, capacity)) * kernel.code.length) / 5;
}

type Gemm = Extract<PlacedInstruction, { kind: 'gemm' }>;

interface Range extends Place {
  readonly bytes: number;
}

interface Access {
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
}

function accessOf(instruction: PlacedInstruction, around: Surroundings): Access {
  const { placeOf, panelsOf, epilogues, capacity } = around;
  const range = (node: Node): Range => ({ ...placeOf(node), bytes: bytesOf(node.shape, capacity) });
  if (instruction.kind === 'placedMap') return accessOfMap(instruction, range);
  const access = { reads: reads(instruction).map(range), writes: writes(instruction).map(range) };
  if (instruction.kind === 'copy')
    return {
      ...access,
      writes: [{ ...instruction.place, bytes: bytesOf(instruction.from.shape, capacity) }],
    };
  if (instruction.kind !== 'gemm') return access;
  const panels = { ...panelsOf(instruction)!, bytes: bytesOfPanels(instruction, capacity) };
  const epilogue = epilogues.get(instruction);
  const then = epilogue ? accessOfMap(epilogue, range) : { reads: [], writes: [] };
  return {
    reads: [...access.reads, ...then.reads],
    writes: [...access.writes, ...then.writes, panels],
  };
}

function accessOfMap({ kernel, full, bytes }: PlacedMap, range: (node: Node) => Range): Access {
  const { row, column, scalar } = kernel.operands;
  const inputs = full.length - kernel.outputs.length;
  const whole = full.map((place) => ({ ...place, bytes }));
  return {
    reads: [...whole.slice(0, inputs), ...[...row, ...column, ...scalar].map(range)],
    writes: whole.slice(inputs),
  };
}

function conflicts(earlier: Access, later: Access): boolean {
  return (
    overlap(earlier.writes, later.reads) ||
    overlap(earlier.writes, later.writes) ||
    overlap(earlier.reads, later.writes)
  );
}

function overlap(a: readonly Range[], b: readonly Range[]): boolean {
  return a.some((x) =>
    b.some((y) => x.block === y.block && x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes),
  );
}
