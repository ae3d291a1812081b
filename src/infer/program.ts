/**
 * The programs of inference, written by hand. One packs the weights, once. The other predicts: a product for each layer with its activation as
 * epilogue, after a gathering of bytes where inputs are such and a look at the numbers where they are not, before a softmax where predictions are
 * probabilities. Rows are those of the step, so one program serves every batch that its memory holds.
 */
import * as isa from '../../assembly/isa.js';
import { floatBits, instruction } from '../compile/words.js';
import type { Elementwise } from './functions.js';
import type { Dense, Finish } from './model.js';

/** A layer with the addresses of its numbers; a bias that it has not is at 0. */
export interface PlacedLayer extends Pick<Dense, 'inputs' | 'units'> {
  readonly weight: number;
  readonly bias: number;
  /** All of the weights in panels. */
  readonly panels: number;
  /** What is done to its sums: the activation, and for the last layer what makes predictions of logits. */
  readonly finish: Finish;
}

export interface ProgramOptions {
  readonly layers: readonly PlacedLayer[];
  /** Addresses: bytes to begin with, or 0 where numbers are given; the inputs; the outputs of the layers, one after the other. */
  readonly pixels: number;
  readonly inputs: number;
  readonly outputs: readonly number[];
  /** The step record, and the word that the machine puts its rows into. */
  readonly step: number;
  readonly scalars: number;
  /** What a byte is multiplied by. */
  readonly pixelScale: number;
  /** Whether threads share the work. */
  readonly split: boolean;
}

/** The words of the program, to stand at `code`. */
export function programWords(code: number, options: ProgramOptions): Uint32Array {
  const { layers, pixels, outputs, split } = options;
  const softmaxes = layers.filter(({ finish }) => finish === 'softmax').length;
  const count = 1 + layers.length + softmaxes;
  const words = header(code, count, options);
  const append = (values: readonly number[]): number => code + (words.push(...values) - values.length) * 4;
  words[isa.PROGRAM_SPLIT] = split ? 1 : 0;

  const instructions = layers.flatMap((layer, i) => {
    const sums = product(layer, i, options, append);
    return layer.finish === 'softmax' ? [sums, softmax(outputs[i]!, layer.units)] : [sums];
  });
  instructions.unshift(pixels ? gather(options) : check(options));
  // each reads what all threads have left before it; a check leaves nothing
  const firstReader = pixels ? 1 : 2;
  instructions.forEach((one, i) => {
    one[isa.SYNC] = split ? isa.SYNC_SPLIT | (i >= firstReader ? isa.SYNC_BEFORE : 0) : 0;
    words.splice(isa.PROGRAM_WORDS + i * isa.INSTRUCTION_WORDS, isa.INSTRUCTION_WORDS, ...one);
  });
  return Uint32Array.from(words);
}

/** The words of the program that lays out all weights in panels. */
export function packingWords(
  code: number,
  options: Pick<ProgramOptions, 'layers' | 'step' | 'scalars'>,
): Uint32Array {
  const words = header(code, options.layers.length, options);
  options.layers.forEach((layer, i) => {
    words.splice(
      isa.PROGRAM_WORDS + i * isa.INSTRUCTION_WORDS,
      isa.INSTRUCTION_WORDS,
      ...instruction(isa.PACK, factor(layer)),
    );
  });
  return Uint32Array.from(words);
}

function header(
  code: number,
  count: number,
  { step, scalars }: Pick<ProgramOptions, 'step' | 'scalars'>,
): number[] {
  const words: number[] = new Array(isa.PROGRAM_WORDS + count * isa.INSTRUCTION_WORDS).fill(0);
  words[isa.PROGRAM_CODE] = code + isa.PROGRAM_WORDS * 4;
  words[isa.PROGRAM_COUNT] = count;
  words[isa.PROGRAM_STEPS] = step;
  words[isa.PROGRAM_STEP_WORDS] = isa.STEP_SCALARS;
  words[isa.PROGRAM_SCALARS] = scalars;
  return words;
}

/** The weights, as products and their packing name them. */
function factor({ inputs, units, weight, panels }: PlacedLayer): Record<number, number> {
  return { [isa.GEMM_B]: weight, [isa.GEMM_N]: units, [isa.GEMM_K]: inputs, [isa.GEMM_PANELS]: panels };
}

type Append = (values: readonly number[]) => number;

function product(layer: PlacedLayer, i: number, options: ProgramOptions, append: Append): number[] {
  const { units, bias, finish } = layer;
  const { outputs } = options;
  return instruction(isa.GEMM, {
    ...factor(layer),
    [isa.GEMM_TRANSPOSED]: isa.PACKED_B,
    [isa.GEMM_A]: i === 0 ? options.inputs : outputs[i - 1]!,
    [isa.GEMM_C]: outputs[i]!,
    [isa.GEMM_M]: isa.ROWS >>> 0,
    [isa.GEMM_BIAS]: bias,
    [isa.GEMM_EPILOGUE]: typeof finish === 'object' ? append(map(finish, outputs[i]!, units, append)) : 0,
  });
}

function map(
  { code, rows, scalars, temporaries }: Elementwise<Float32Array, number>,
  matrix: number,
  columns: number,
  append: Append,
): number[] {
  const atRows = rows.map((row) => append(Array.from(row, floatBits)));
  const atScalars = scalars.map((scalar) => append([floatBits(scalar)]));
  return instruction(isa.MAP, {
    [isa.MAP_ROWS]: isa.ROWS >>> 0,
    [isa.MAP_COLUMNS]: columns,
    [isa.MAP_OPERANDS]: append([matrix, matrix, ...atRows, ...atScalars]),
    [isa.MAP_FULL]: 2,
    [isa.MAP_ROW]: rows.length,
    [isa.MAP_SCALAR]: scalars.length,
    [isa.MAP_CODE]: append(code),
    [isa.MAP_CODE_COUNT]: code.length / isa.MAP_CODE_WORDS,
    [isa.MAP_TEMPORARIES]: temporaries,
  });
}

/** Threads look at all of the inputs each: it takes less than to meet and compare. */
function check({ inputs, layers }: ProgramOptions): number[] {
  return instruction(isa.CHECK, {
    [isa.CHECK_IN]: inputs,
    [isa.CHECK_ROWS]: isa.ROWS >>> 0,
    [isa.CHECK_COLUMNS]: layers[0]!.inputs,
  });
}

function gather({ pixels, inputs, pixelScale, layers }: ProgramOptions): number[] {
  return instruction(isa.GATHER, {
    [isa.GATHER_DATA]: pixels,
    [isa.GATHER_OUT]: inputs,
    [isa.GATHER_COLUMNS]: layers[0]!.inputs,
    [isa.GATHER_TYPE]: isa.TYPE_UINT8,
    [isa.GATHER_SCALE]: floatBits(pixelScale),
  });
}

function softmax(matrix: number, columns: number): number[] {
  return instruction(isa.SOFTMAX, {
    [isa.SOFTMAX_IN]: matrix,
    [isa.SOFTMAX_OUT]: matrix,
    [isa.SOFTMAX_ROWS]: isa.ROWS >>> 0,
    [isa.SOFTMAX_COLUMNS]: columns,
  });
}
