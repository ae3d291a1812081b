/** A program for people: one line an instruction, with shapes, what is fused into it, FLOP and bytes. */
import { F_COPY, F_MUL_ADD, F_NEG_MUL_ADD, SCATTER } from '../../assembly/isa.js';
import { type Node, ROWS, type Shape } from '../graph/node.js';
import type { PlacedInstruction, PlacedMap } from './coalesce.js';
import type { Program } from './compile.js';
import functionNames from './function-names.ts?value';
import { type MapKernel, writes } from './instruction.js';
import { bytesOf, elements, samePlace } from './job.js';

export interface InstructionReport {
  /** GEMM, MAP, ... */
  readonly name: string;
  /** What it computes, with shapes; ROWS stands for the batch. */
  readonly work: string;
  /** Floating-point operations with `capacity` rows; a multiply-add counts as two, any other function as one. */
  readonly flop: number;
  /** Bytes of the values it writes. */
  readonly bytes: number;
}

/** The same facts as `describe`, for programs. */
export function report(program: Program): InstructionReport[] {
  return program.instructions.map((instruction) => reportOne(instruction, program));
}

export function describe(program: Program): string {
  const rows = report(program);
  const flop = rows.reduce((sum, row) => sum + row.flop, 0);
  const bytes = Object.values(program.blocks).reduce((sum, size) => sum + size, 0);
  const table = [['', 'instruction', 'work', 'FLOP', 'bytes'], ...rows.map(cells)];
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === 1 || i === 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const total = `${rows.length} instructions, ${flop} FLOP and ${bytes} bytes of working memory for ${program.capacity} rows`;
  return [...lines, total].join('\n');
}

function cells(row: InstructionReport, i: number): string[] {
  return [String(i), row.name, row.work, String(row.flop), String(row.bytes)];
}

function reportOne(
  instruction: PlacedInstruction,
  { capacity, emission, placeOf }: Program,
): InstructionReport {
  const size = (shape: Shape) => elements(shape, capacity);
  const bytes = (...nodes: (Node | null)[]) =>
    nodes.reduce((sum, node) => sum + (node ? bytesOf(node.shape, capacity) : 0), 0);
  switch (instruction.kind) {
    case 'gemm': {
      const { a, b, transposedA, transposedB, bias, product } = instruction;
      const epilogue = emission.epilogues.get(instruction);
      // a product may be formed where the epilogue's result will stand
      const written = writes(instruction).filter(
        (node, i, all) => all.findIndex((other) => samePlace(placeOf(node), placeOf(other))) === i,
      );
      const inner = size([transposedA ? a.shape[0] : a.shape[1], 1]);
      const factors = `${show(a)}${transposedA ? 'ᵀ' : ''} · ${show(b)}${transposedB ? 'ᵀ' : ''}`;
      const extras = [bias ? `+ ${show(bias)}` : '', epilogue ? `then ${functions(epilogue.kernel)}` : ''];
      return {
        name: 'GEMM',
        work: [`${show(product)} = ${factors}`, ...extras].filter(Boolean).join(' '),
        flop:
          size(product.shape) * (2 * inner + (bias ? 1 : 0)) + (epilogue ? mapFlop(epilogue, capacity) : 0),
        bytes: bytes(...written),
      };
    }
    case 'placedMap': {
      const { kernel } = instruction;
      const shape = instruction.elements === null ? showShape(kernel.shape) : `[${instruction.elements}]`;
      const work = `${kernel.outputs.map((node) => node.name || shape).join(', ')} = ${functions(kernel)}`;
      return {
        name: 'MAP',
        work,
        flop: mapFlop(instruction, capacity),
        bytes: instruction.bytes * kernel.outputs.length,
      };
    }
    case 'reduce':
      return {
        name: 'REDUCE',
        work: `${show(instruction.to)} = ${instruction.to.operation.name} ${show(instruction.from)}`,
        flop: size(instruction.from.shape),
        bytes: bytes(instruction.to),
      };
    case 'softmax': {
      const { logits, probabilities, loss } = instruction;
      const parts = [probabilities ? 'softmax' : '', loss ? loss.operation.name : ''].filter(Boolean);
      const work = `${parts.join(', ')} of ${show(logits)}`;
      return { name: 'SOFTMAX', work, flop: 4 * size(logits.shape), bytes: bytes(probabilities, loss) };
    }
    case 'copy':
      return { name: 'COPY', work: show(instruction.from), flop: 0, bytes: bytes(instruction.from) };
    case 'check':
      return { name: 'CHECK', work: `${show(instruction.value)} is finite`, flop: 0, bytes: 0 };
    case 'gather': {
      const { to, source } = instruction;
      return { name: 'GATHER', work: `${show(to)} from ${source.type} rows`, flop: 0, bytes: bytes(to) };
    }
    case 'move': {
      const { rectangles, to } = instruction;
      const parts = rectangles.map(({ from }) => show(from)).join(', ');
      return { name: 'MOVE', work: `${show(to)} = ${to.operation.name} ${parts}`, flop: 0, bytes: bytes(to) };
    }
    case 'take': {
      const { code, from, index, to } = instruction;
      const scatters = code === SCATTER;
      return {
        name: scatters ? 'SCATTER' : 'TAKE',
        work: `${show(to)} = rows of ${show(from)} by ${show(index)}`,
        flop: scatters ? size(from.shape) : 0,
        bytes: bytes(to),
      };
    }
    case 'reshape':
      return {
        name: 'COPY',
        work: `${show(instruction.to)} = reshape ${show(instruction.from)}`,
        flop: 0,
        bytes: bytes(instruction.to),
      };
    case 'random':
    case 'transpose':
      return {
        name: instruction.kind.toUpperCase(),
        work: show(instruction.to),
        flop: 0,
        bytes: bytes(instruction.to),
      };
  }
}

function mapFlop({ kernel, elements: count }: PlacedMap, capacity: number): number {
  const each = kernel.code.reduce((sum, { code }) => sum + (FLOP_OF.get(code) ?? 1), 0);
  return each * (count ?? elements(kernel.shape, capacity));
}

const FLOP_OF = new Map([
  [F_COPY, 0],
  [F_MUL_ADD, 2],
  [F_NEG_MUL_ADD, 2],
]);

function functions(kernel: MapKernel): string {
  return kernel.code.map(({ code }) => functionNames[code]).join(', ');
}

function show(node: Node): string {
  return `${node.name}${showShape(node.shape)}`;
}

function showShape(shape: Shape): string {
  return `[${shape.map((size) => (size === ROWS ? 'ROWS' : size)).join(' x ')}]`;
}
