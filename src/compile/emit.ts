/** The bytes of a program, as assembly/isa.ts describes them. The last step of the compiler. */
import * as isa from '../../assembly/isa.js';
import { type Dimension, type Node, type Rectangle, ROWS } from '../graph/node.js';
import type { PlacedInstruction, PlacedMap } from './coalesce.js';
import { CODE, type Place, RESULT_TABLE, RESULTS, SCALARS, STEPS } from './job.js';
import { floatBits, instruction, mapOperation } from './words.js';

/** Where blocks stand: absolute addresses in linear memory. */
export type Addresses = (block: string) => number;

export interface Emission {
  readonly instructions: readonly PlacedInstruction[];
  readonly placeOf: (node: Node) => Place;
  readonly panelsOf: (instruction: PlacedInstruction) => Place | undefined;
  /** Whether only the epilogue of a product reads it. */
  readonly passes: (instruction: PlacedInstruction) => boolean;
  /** MAP instructions of epilogues, by the product they follow. */
  readonly epilogues: ReadonlyMap<PlacedInstruction, PlacedMap>;
  /** Whether a step has products that are worth measuring tiles with. */
  readonly heavy: boolean;
  /** Whether instructions are split among threads, and the SYNC word of each. */
  readonly split: boolean;
  readonly sync: readonly number[];
  /** Scalars that a step record carries, numbers that a step leaves. */
  readonly scalars: number;
  readonly results: number;
}

/** Words of the code block: header, instructions, then epilogues with operand tables and code. */
export function codeWords(emission: Emission): number {
  return emit(emission, () => 0).length;
}

export function emit(emission: Emission, addressOf: Addresses): Uint32Array {
  const { instructions } = emission;
  const code = addressOf(CODE);
  const words: number[] = new Array(isa.PROGRAM_WORDS + instructions.length * isa.INSTRUCTION_WORDS).fill(0);
  const address = (place: Place) => addressOf(place.block) + place.offset;
  const nodeAddress = (node: Node | null) => (node ? address(emission.placeOf(node)) : 0);
  const append = (values: readonly number[]): number => code + (words.push(...values) - values.length) * 4;

  words[isa.PROGRAM_CODE] = code + isa.PROGRAM_WORDS * 4;
  words[isa.PROGRAM_COUNT] = instructions.length;
  words[isa.PROGRAM_STEPS] = addressOf(STEPS);
  words[isa.PROGRAM_STEP_WORDS] = isa.STEP_SCALARS + emission.scalars;
  words[isa.PROGRAM_SCALARS] = addressOf(SCALARS);
  words[isa.PROGRAM_SCALAR_COUNT] = emission.scalars;
  words[isa.PROGRAM_RESULTS] = addressOf(RESULTS);
  words[isa.PROGRAM_RESULT_COUNT] = emission.results;
  words[isa.PROGRAM_RESULT_TABLE] = addressOf(RESULT_TABLE);
  words[isa.PROGRAM_SPLIT] = emission.split ? 1 : 0;

  const mapWords = (map: PlacedMap, passing?: Node): number[] => {
    const { kernel } = map;
    const { row, column, scalar } = kernel.operands;
    const operands = [...map.full.map(address), ...[...row, ...column, ...scalar].map(nodeAddress)];
    return instruction(isa.MAP, {
      [isa.MAP_ROWS]: map.elements ?? dimension(kernel.shape[0]),
      [isa.MAP_COLUMNS]: map.elements === null ? dimension(kernel.shape[1]) : 1,
      [isa.MAP_OPERANDS]: append(operands),
      [isa.MAP_FULL]: map.full.length,
      [isa.MAP_ROW]: row.length,
      [isa.MAP_COLUMN]: column.length,
      [isa.MAP_SCALAR]: scalar.length,
      [isa.MAP_CODE]: append(kernel.code.flatMap(mapOperation)),
      [isa.MAP_CODE_COUNT]: kernel.code.length,
      [isa.MAP_TEMPORARIES]: kernel.temporaries,
      [isa.MAP_PASSING]: passing ? kernel.operands.full.indexOf(passing) : 0,
    });
  };

  const copyWords = (from: Node, to: number): number[] =>
    instruction(isa.COPY, {
      [isa.COPY_IN]: nodeAddress(from),
      [isa.COPY_OUT]: to,
      [isa.COPY_ROWS]: dimension(from.shape[0]),
      [isa.COPY_COLUMNS]: dimension(from.shape[1]),
    });

  const rectangleWords = ({ from, shape, cut, put }: Rectangle): number[] => {
    const words = new Array<number>(isa.RECTANGLE_WORDS);
    words[isa.RECTANGLE_ROWS] = dimension(shape[0]);
    words[isa.RECTANGLE_COLUMNS] = dimension(shape[1]);
    words[isa.RECTANGLE_IN] = nodeAddress(from);
    words[isa.RECTANGLE_IN_COLUMNS] = dimension(from.shape[1]);
    [words[isa.RECTANGLE_FROM_ROW], words[isa.RECTANGLE_FROM_COLUMN]] = cut;
    [words[isa.RECTANGLE_TO_ROW], words[isa.RECTANGLE_TO_COLUMN]] = put;
    return words;
  };

  const toWords = (item: PlacedInstruction): number[] => {
    switch (item.kind) {
      case 'placedMap':
        return mapWords(item);
      case 'gemm': {
        const epilogue = emission.epilogues.get(item);
        const [m, k] = item.transposedA ? [item.a.shape[1], item.a.shape[0]] : item.a.shape;
        return instruction(isa.GEMM, {
          [isa.GEMM_A]: nodeAddress(item.a),
          [isa.GEMM_B]: nodeAddress(item.b),
          [isa.GEMM_C]: nodeAddress(item.product),
          [isa.GEMM_M]: dimension(m),
          [isa.GEMM_N]: dimension(item.transposedB ? item.b.shape[0] : item.b.shape[1]),
          [isa.GEMM_K]: dimension(k),
          [isa.GEMM_TRANSPOSED]:
            (item.transposedA ? isa.TRANSPOSED_A : 0) |
            (item.transposedB ? isa.TRANSPOSED_B : 0) |
            (emission.passes(item) ? isa.PASSING_C : 0),
          [isa.GEMM_BIAS]: nodeAddress(item.bias),
          [isa.GEMM_EPILOGUE]: epilogue ? append(mapWords(epilogue, item.product)) : 0,
          [isa.GEMM_PANELS]: address(emission.panelsOf(item)!),
        });
      }
      case 'reduce':
        return instruction(isa.REDUCE, {
          [isa.REDUCE_IN]: nodeAddress(item.from),
          [isa.REDUCE_OUT]: nodeAddress(item.to),
          [isa.REDUCE_ROWS]: dimension(item.from.shape[0]),
          [isa.REDUCE_COLUMNS]: dimension(item.from.shape[1]),
          [isa.REDUCE_KIND]: item.code,
        });
      case 'softmax':
        return instruction(isa.SOFTMAX, {
          [isa.SOFTMAX_IN]: nodeAddress(item.logits),
          [isa.SOFTMAX_OUT]: nodeAddress(item.probabilities),
          [isa.SOFTMAX_LOSS]: nodeAddress(item.loss),
          [isa.SOFTMAX_TARGET]: nodeAddress(item.target),
          [isa.SOFTMAX_ROWS]: dimension(item.logits.shape[0]),
          [isa.SOFTMAX_COLUMNS]: dimension(item.logits.shape[1]),
          [isa.SOFTMAX_KIND]:
            item.loss?.operation.name === 'distributionCrossEntropy'
              ? isa.TARGET_DISTRIBUTION
              : isa.TARGET_CLASS,
        });
      case 'random':
        return instruction(isa.RANDOM, {
          [isa.RANDOM_OUT]: nodeAddress(item.to),
          [isa.RANDOM_ROWS]: dimension(item.to.shape[0]),
          [isa.RANDOM_COLUMNS]: dimension(item.to.shape[1]),
          [isa.RANDOM_KEY_LOW]: Number(item.to.attributes.seed),
          [isa.RANDOM_KEY_HIGH]: Number(item.to.attributes.stream),
        });
      case 'transpose':
        return instruction(isa.TRANSPOSE, {
          [isa.TRANSPOSE_IN]: nodeAddress(item.from),
          [isa.TRANSPOSE_OUT]: nodeAddress(item.to),
          [isa.TRANSPOSE_ROWS]: dimension(item.from.shape[0]),
          [isa.TRANSPOSE_COLUMNS]: dimension(item.from.shape[1]),
        });
      case 'copy':
        return copyWords(item.from, address(item.place));
      case 'reshape':
        return copyWords(item.from, nodeAddress(item.to));
      case 'move':
        return instruction(isa.MOVE, {
          [isa.MOVE_OUT]: nodeAddress(item.to),
          [isa.MOVE_ROWS]: dimension(item.to.shape[0]),
          [isa.MOVE_COLUMNS]: dimension(item.to.shape[1]),
          [isa.MOVE_RECTANGLES]: append(item.rectangles.flatMap(rectangleWords)),
          [isa.MOVE_COUNT]: item.rectangles.length,
          [isa.MOVE_CLEARS]: item.clears ? 1 : 0,
        });
      case 'take': {
        const [table, named] = item.code === isa.TAKE ? [item.from, item.to] : [item.to, item.from];
        return instruction(item.code, {
          [isa.TAKE_TABLE]: nodeAddress(table),
          [isa.TAKE_INDEX]: nodeAddress(item.index),
          [isa.TAKE_NAMED]: nodeAddress(named),
          [isa.TAKE_ROWS]: dimension(table.shape[0]),
          [isa.TAKE_COLUMNS]: dimension(table.shape[1]),
          [isa.TAKE_COUNT]: dimension(named.shape[0]),
        });
      }
      case 'check':
        return instruction(isa.CHECK, {
          [isa.CHECK_IN]: nodeAddress(item.value),
          [isa.CHECK_ROWS]: dimension(item.value.shape[0]),
          [isa.CHECK_COLUMNS]: dimension(item.value.shape[1]),
        });
      case 'gather':
        return instruction(isa.GATHER, {
          [isa.GATHER_DATA]: addressOf(item.source.block),
          [isa.GATHER_OUT]: nodeAddress(item.to),
          [isa.GATHER_COLUMNS]: dimension(item.to.shape[1]),
          [isa.GATHER_ORDER]: item.source.order ? addressOf(item.source.order) : 0,
          [isa.GATHER_TYPE]: item.source.type === 'uint8' ? isa.TYPE_UINT8 : isa.TYPE_FLOAT32,
          [isa.GATHER_SCALE]: floatBits(item.source.scale),
        });
    }
  };

  instructions.forEach((item, i) => {
    const at = isa.PROGRAM_WORDS + i * isa.INSTRUCTION_WORDS;
    toWords(item).forEach((word, j) => {
      words[at + j] = word;
    });
    words[at + isa.SYNC] = emission.sync[i]!;
  });
  return Uint32Array.from(words);
}

function dimension(size: Dimension): number {
  return size === ROWS ? isa.ROWS >>> 0 : size;
}
