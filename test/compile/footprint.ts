/**
 * What the instructions of a program touch, read off its words as the machine would: for the oracle of split.test.ts, so written without the
 * compiler's own account of it.
 */
import * as isa from '../../assembly/isa.js';
import type { Program } from '../../src/compile/compile.js';
import { CODE } from '../../src/compile/job.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Footprint {
  readonly sync: number;
  readonly opcode: number;
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
}

const BLOCK_BYTES = 2 ** 24;

/** Blocks far apart, in the order in which they are asked for. */
function addresses(): (block: string) => number {
  const known = new Map<string, number>();
  return (block) => {
    if (!known.has(block)) known.set(block, (known.size + 1) * BLOCK_BYTES);
    return known.get(block)!;
  };
}

export function footprints(program: Program): Footprint[] {
  const addressOf = addresses();
  const words = program.emit(addressOf);
  const code = addressOf(CODE);
  const size = (word: number) => (word === isa.ROWS >>> 0 ? program.capacity : word);
  const floats = (address: number, count: number): Range[] =>
    address ? [{ from: address, to: address + 4 * count }] : [];

  const touched = (at: number): Pick<Footprint, 'reads' | 'writes'> => {
    const word = (index: number) => words[at + index]!;
    const area = (rows: number, columns: number) => size(word(rows)) * size(word(columns));
    switch (word(isa.OPCODE)) {
      case isa.GEMM: {
        const [m, n, k] = [size(word(isa.GEMM_M)), size(word(isa.GEMM_N)), size(word(isa.GEMM_K))];
        const columns = Math.ceil(Math.min(n, isa.NC) / isa.NR) * isa.NR;
        const epilogue = word(isa.GEMM_EPILOGUE);
        const then = epilogue ? touched((epilogue - code) / 4) : { reads: [], writes: [] };
        return {
          reads: [
            ...floats(word(isa.GEMM_A), m * k),
            ...floats(word(isa.GEMM_B), k * n),
            ...floats(word(isa.GEMM_BIAS), n),
            ...then.reads,
          ],
          writes: [
            ...floats(word(isa.GEMM_C), m * n),
            ...floats(word(isa.GEMM_PANELS), Math.min(k, isa.KC) * columns),
            ...then.writes,
          ],
        };
      }
      case isa.MAP: {
        const rows = size(word(isa.MAP_ROWS));
        const columns = size(word(isa.MAP_COLUMNS));
        const lengths = [
          [word(isa.MAP_FULL), rows * columns],
          [word(isa.MAP_ROW), columns],
          [word(isa.MAP_COLUMN), rows],
          [word(isa.MAP_SCALAR), 1],
        ].flatMap(([count, length]) => Array<number>(count!).fill(length!));
        const table = (word(isa.MAP_OPERANDS) - code) / 4;
        const operations = (word(isa.MAP_CODE) - code) / 4;
        const written = new Set(
          Array.from({ length: word(isa.MAP_CODE_COUNT) }, (_, i) => words[operations + 2 * i]! >>> 16),
        );
        const operands = lengths.map((length, i) => floats(words[table + i]!, length));
        return {
          reads: operands.filter((_, i) => !written.has(i)).flat(),
          writes: operands.filter((_, i) => written.has(i)).flat(),
        };
      }
      case isa.REDUCE: {
        const [rows, columns, kind] = [isa.REDUCE_ROWS, isa.REDUCE_COLUMNS, isa.REDUCE_KIND].map(word);
        const results = kind === isa.SUM_ALL ? 1 : size(kind === isa.SUM_ROWS ? columns! : rows!);
        return {
          reads: floats(word(isa.REDUCE_IN), area(isa.REDUCE_ROWS, isa.REDUCE_COLUMNS)),
          writes: floats(word(isa.REDUCE_OUT), results),
        };
      }
      case isa.SOFTMAX: {
        const rows = size(word(isa.SOFTMAX_ROWS));
        const whole = area(isa.SOFTMAX_ROWS, isa.SOFTMAX_COLUMNS);
        const targets = word(isa.SOFTMAX_KIND) === isa.TARGET_CLASS ? rows : whole;
        return {
          reads: [...floats(word(isa.SOFTMAX_IN), whole), ...floats(word(isa.SOFTMAX_TARGET), targets)],
          writes: [...floats(word(isa.SOFTMAX_OUT), whole), ...floats(word(isa.SOFTMAX_LOSS), rows)],
        };
      }
      case isa.RANDOM:
        return {
          reads: [],
          writes: floats(word(isa.RANDOM_OUT), area(isa.RANDOM_ROWS, isa.RANDOM_COLUMNS)),
        };
      case isa.TRANSPOSE: {
        const count = area(isa.TRANSPOSE_ROWS, isa.TRANSPOSE_COLUMNS);
        return {
          reads: floats(word(isa.TRANSPOSE_IN), count),
          writes: floats(word(isa.TRANSPOSE_OUT), count),
        };
      }
      case isa.COPY: {
        const count = area(isa.COPY_ROWS, isa.COPY_COLUMNS);
        return { reads: floats(word(isa.COPY_IN), count), writes: floats(word(isa.COPY_OUT), count) };
      }
      case isa.MOVE: {
        const rectangles = Array.from({ length: word(isa.MOVE_COUNT) }, (_, i) => {
          const start = (word(isa.MOVE_RECTANGLES) - code) / 4 + i * isa.RECTANGLE_WORDS;
          const of = (index: number) => size(words[start + index]!);
          const rows = of(isa.RECTANGLE_FROM_ROW) + of(isa.RECTANGLE_ROWS);
          return floats(of(isa.RECTANGLE_IN), rows * of(isa.RECTANGLE_IN_COLUMNS));
        });
        return {
          reads: rectangles.flat(),
          writes: floats(word(isa.MOVE_OUT), area(isa.MOVE_ROWS, isa.MOVE_COLUMNS)),
        };
      }
      case isa.TAKE:
      case isa.SCATTER: {
        const table = floats(word(isa.TAKE_TABLE), area(isa.TAKE_ROWS, isa.TAKE_COLUMNS));
        const named = floats(word(isa.TAKE_NAMED), area(isa.TAKE_COUNT, isa.TAKE_COLUMNS));
        const index = floats(word(isa.TAKE_INDEX), size(word(isa.TAKE_COUNT)));
        const takes = word(isa.OPCODE) === isa.TAKE;
        return { reads: [...(takes ? table : named), ...index], writes: takes ? named : table };
      }
      case isa.CHECK:
        return { reads: floats(word(isa.CHECK_IN), area(isa.CHECK_ROWS, isa.CHECK_COLUMNS)), writes: [] };
      default:
        throw new Error(`opcode ${word(isa.OPCODE)} is not known here`);
    }
  };

  return program.instructions.map((_, i) => {
    const at = isa.PROGRAM_WORDS + i * isa.INSTRUCTION_WORDS;
    return { sync: words[at + isa.SYNC]!, opcode: words[at + isa.OPCODE]!, ...touched(at) };
  });
}
