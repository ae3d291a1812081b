/**
 * The memory plan: a place for every value, by lifetime. Two values share memory unless both are alive at one instruction;
 * an elementwise result takes the place of an operand that ends with it.
 */
import type { Node } from '../graph/node.js';
import { type Instruction, type MapKernel, reads, writes } from './instruction.js';
import { bytesOf, elements, type Place, samePlace, TEMPORARIES } from './job.js';
import { panelBytes } from './words.js';

export interface MemoryPlan {
  readonly places: ReadonlyMap<Node, Place>;
  /** For products: the place of the packed panels. */
  readonly panels: ReadonlyMap<Instruction, Place>;
  /** Products that nothing but their own epilogue reads, and that have memory of their own. */
  readonly passing: ReadonlySet<Instruction>;
  /** Bytes of the block of temporaries. */
  readonly bytes: number;
}

interface Span {
  readonly bytes: number;
  first: number;
  last: number;
  offset: number;
}

/** Distinct values start on their own cache line. */
const ALIGNMENT = 64;

/** `fixed` gives the places of leaves and stored values; everything else becomes a temporary. */
export function planMemory(
  instructions: readonly Instruction[],
  fixed: ReadonlyMap<Node, Place>,
  capacity: number,
): MemoryPlan {
  const lastRead = new Map<Node, number>();
  instructions.forEach((instruction, i) => {
    for (const node of reads(instruction)) lastRead.set(node, i);
  });

  const spans = new Map<Node, Span>();
  const panelSpans = new Map<Instruction, Span>();
  const passing = new Set<Instruction>();
  const places = new Map(fixed);
  instructions.forEach((instruction, i) => {
    const newSpan = (node: Node): Span => ({
      bytes: bytesOf(node.shape, capacity),
      first: i,
      last: i,
      offset: 0,
    });
    const carrier = carrierOfProduct(instruction, fixed, lastRead);
    for (const node of writes(instruction)) {
      if (fixed.has(node) || (carrier && node === productOf(instruction))) continue;
      const inherited = inheritable(instruction, node)
        .filter((old) => lastRead.get(old) === i && node !== carrier)
        .map((old) => spans.get(old))
        .find((span) => span?.last === i && span.bytes === bytesOf(node.shape, capacity));
      const span = inherited ?? newSpan(node);
      span.last = Math.max(i, lastRead.get(node) ?? i);
      spans.set(node, span);
    }
    if (carrier) {
      const span = spans.get(carrier);
      if (span) spans.set(productOf(instruction)!, span);
      else places.set(productOf(instruction)!, fixed.get(carrier)!);
    }
    if (instruction.kind !== 'gemm') return;
    if (!carrier && isReadByEpilogueOnly(instruction, fixed, lastRead)) passing.add(instruction);
    panelSpans.set(instruction, {
      bytes: bytesOfPanels(instruction, capacity),
      first: i,
      last: i,
      offset: 0,
    });
  });

  const bytes = pack([...new Set([...spans.values(), ...panelSpans.values()])]);
  const at = (span: Span): Place => ({ block: TEMPORARIES, offset: span.offset });
  for (const [node, span] of spans) places.set(node, at(span));
  const panels = new Map([...panelSpans].map(([instruction, span]) => [instruction, at(span)] as const));
  return { places, panels, passing, bytes };
}

function productOf(instruction: Instruction): Node | null {
  return instruction.kind === 'gemm' ? instruction.product : null;
}

function isReadByEpilogueOnly(
  { product, epilogue }: Extract<Instruction, { kind: 'gemm' }>,
  fixed: ReadonlyMap<Node, Place>,
  lastRead: ReadonlyMap<Node, number>,
): boolean {
  return epilogue !== null && !fixed.has(product) && !lastRead.has(product);
}

/**
 * The output of an epilogue in whose memory the product can be formed: it must be written after the product's last use, and not be an
 * update, whose memory holds the old value.
 */
function carrierOfProduct(
  instruction: Instruction,
  fixed: ReadonlyMap<Node, Place>,
  lastRead: ReadonlyMap<Node, number>,
): Node | undefined {
  if (instruction.kind !== 'gemm' || !isReadByEpilogueOnly(instruction, fixed, lastRead)) return undefined;
  const { product, epilogue } = instruction;
  if (!epilogue) return undefined;
  const inputs = epilogue.operands.full.filter((node) => !epilogue.outputs.includes(node));
  const updated = (output: Node) => inputs.some((node) => samePlace(fixed.get(node), fixed.get(output)));
  return epilogue.outputs.find(
    (output) => !updated(output) && replaceable(epilogue, output).includes(product),
  );
}

/** Values whose memory an output may take over, if they end here. */
function inheritable(instruction: Instruction, output: Node): Node[] {
  switch (instruction.kind) {
    case 'map':
      return replaceable(instruction.kernel, output);
    case 'gemm': {
      // the product reads all of a and b while the epilogue already writes the first rows
      const { a, b, epilogue } = instruction;
      if (!epilogue?.outputs.includes(output)) return [];
      return replaceable(epilogue, output).filter((node) => node !== a && node !== b);
    }
    case 'softmax':
      return output === instruction.probabilities ? [instruction.logits] : [];
    case 'reshape':
      return [instruction.from];
    default:
      return [];
  }
}

/** Whole operands that no operation reads after the one that writes the output. */
function replaceable(kernel: MapKernel, output: Node): Node[] {
  const { full } = kernel.operands;
  const written = kernel.code.findIndex((operation) => operation.to === full.indexOf(output));
  const readLater = new Set(kernel.code.slice(written + 1).flatMap((operation) => operation.from));
  return full.filter((node, i) => !kernel.outputs.includes(node) && !readLater.has(i));
}

/** Bytes of the packed panels of a product. */
export function bytesOfPanels(
  { b, transposedB }: Extract<Instruction, { kind: 'gemm' }>,
  capacity: number,
): number {
  const [k, n] = transposedB ? [b.shape[1], b.shape[0]] : b.shape;
  return panelBytes(elements([k, 1], capacity), elements([1, n], capacity));
}

/** First fit, the largest spans first. Returns the bytes needed. */
function pack(spans: readonly Span[]): number {
  const placed: Span[] = [];
  let total = 0;
  for (const span of [...spans].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const size = align(span.bytes);
    const neighbours = placed
      .filter((other) => other.first <= span.last && span.first <= other.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of neighbours)
      if (other.offset < offset + size) offset = Math.max(offset, other.offset + align(other.bytes));
    span.offset = offset;
    placed.push(span);
    total = Math.max(total, offset + size);
  }
  return total;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
