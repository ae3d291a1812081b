/**
 * Words of the machine: what writing a program takes when it is settled what shall be in it. Knows assembly/isa.ts and numbers; no graph, so
 * that an entry without a compiler can write programs of its own (src/infer).
 */
import { INSTRUCTION_WORDS, KC, NC, NR, OPCODE } from '../../assembly/isa.js';

/** An instruction: what stands in which of its words; the others are 0. */
export function instruction(opcode: number, operands: Readonly<Record<number, number>>): number[] {
  const words = new Array<number>(INSTRUCTION_WORDS).fill(0);
  words[OPCODE] = opcode;
  for (const [index, value] of Object.entries(operands)) words[Number(index)] = value;
  return words;
}

/** An operation of a MAP; numbers name its operands. */
export function mapOperation({
  code,
  to,
  from,
}: {
  readonly code: number;
  readonly to: number;
  readonly from: readonly number[];
}): number[] {
  const [a = 0, b = 0, c = 0] = from;
  return [code | (to << 16), a | (b << 8) | (c << 16)];
}

/** A number of 32 bits as a word. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/**
 * Bytes that a product with k x n numbers on its right needs for panels: a block of them, and a second one where threads fill it while the
 * first is read; see assembly/gemm/gemm.ts.
 */
export function panelBytes(k: number, n: number): number {
  const panels = Math.min(k, KC) * Math.ceil(Math.min(n, NC) / NR) * NR * 4;
  return k > KC || n > NC ? 2 * panels : panels;
}
