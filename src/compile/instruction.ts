/**
 * A program before it is bytes: one object for each instruction of the machine, operands still nodes of the graph.
 */
import type { Node, Rectangle, Shape } from '../graph/node.js';
import type { Place, Source } from './job.js';

/** One operation of a MAP; numbers name its operands, outputs and temporaries, in this order. */
export interface MapOperation {
  readonly code: number;
  readonly to: number;
  readonly from: readonly number[];
}

/** A fused elementwise expression. */
export interface MapKernel {
  readonly shape: Shape;
  /** Arrays read or written, by kind of broadcasting: whole, a row, a column, a number. */
  readonly operands: {
    readonly full: readonly Node[];
    readonly row: readonly Node[];
    readonly column: readonly Node[];
    readonly scalar: readonly Node[];
  };
  /** Those of `full` that are written. */
  readonly outputs: readonly Node[];
  readonly code: readonly MapOperation[];
  readonly temporaries: number;
}

export type Instruction =
  | {
      readonly kind: 'gemm';
      /** What stands in C when the product (with its bias) is finished and the epilogue begins. */
      readonly product: Node;
      readonly a: Node;
      readonly b: Node;
      readonly transposedA: boolean;
      readonly transposedB: boolean;
      readonly bias: Node | null;
      readonly epilogue: MapKernel | null;
    }
  | { readonly kind: 'map'; readonly kernel: MapKernel }
  | { readonly kind: 'reduce'; readonly code: number; readonly from: Node; readonly to: Node }
  | {
      readonly kind: 'softmax';
      readonly logits: Node;
      readonly probabilities: Node | null;
      readonly loss: Node | null;
      readonly target: Node | null;
    }
  | { readonly kind: 'random'; readonly to: Node }
  | {
      readonly kind: 'move';
      readonly rectangles: readonly Rectangle[];
      readonly clears: boolean;
      readonly to: Node;
    }
  | { readonly kind: 'reshape'; readonly from: Node; readonly to: Node }
  | {
      readonly kind: 'take';
      readonly code: number;
      readonly from: Node;
      readonly index: Node;
      readonly to: Node;
    }
  | { readonly kind: 'transpose'; readonly from: Node; readonly to: Node }
  | { readonly kind: 'copy'; readonly from: Node; readonly place: Place }
  | { readonly kind: 'check'; readonly value: Node }
  | { readonly kind: 'gather'; readonly source: Source; readonly to: Node };

/** The values an instruction reads. */
export function reads(instruction: Instruction): Node[] {
  switch (instruction.kind) {
    case 'gemm': {
      const { a, b, bias, epilogue, product } = instruction;
      const extra = epilogue ? mapReads(epilogue).filter((node) => node !== product) : [];
      return [a, b, ...(bias ? [bias] : []), ...extra];
    }
    case 'map':
      return mapReads(instruction.kernel);
    case 'softmax':
      return [instruction.logits, ...(instruction.target ? [instruction.target] : [])];
    case 'reduce':
    case 'transpose':
    case 'reshape':
    case 'copy':
      return [instruction.from];
    case 'move':
      return instruction.rectangles.map(({ from }) => from);
    case 'take':
      return [instruction.from, instruction.index];
    case 'check':
      return [instruction.value];
    case 'random':
    case 'gather':
      return [];
  }
}

/** The values an instruction writes. */
export function writes(instruction: Instruction): Node[] {
  switch (instruction.kind) {
    case 'gemm':
      return [...new Set([instruction.product, ...(instruction.epilogue?.outputs ?? [])])];
    case 'map':
      return [...instruction.kernel.outputs];
    case 'softmax':
      return [instruction.probabilities, instruction.loss].filter((node) => node !== null);
    case 'reduce':
    case 'transpose':
    case 'reshape':
    case 'move':
    case 'take':
    case 'random':
    case 'gather':
      return [instruction.to];
    case 'copy':
    case 'check':
      return [];
  }
}

function mapReads({ operands, outputs }: MapKernel): Node[] {
  const inputs = operands.full.filter((node) => !outputs.includes(node));
  return [...inputs, ...operands.row, ...operands.column, ...operands.scalar];
}
