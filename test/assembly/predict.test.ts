/** The small machine that only predicts: what it has computes the same bits as the whole one, and what it has not stops it. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { COMMON_FUNCTIONS, runsSmall } from '../../src/infer/machine.js';
import { drawn, normal } from '../support/numbers.js';
import { type Build, builds, instruction, Machine, predicting } from './machine.js';

const functions = Object.entries(isa).filter(([name]) => name.startsWith('F_')) as [string, number][];

const [M, K, N] = [5, 6, 10];

/** C = A B with all of B packed, then c = f(c, 0.75, c). */
function productThen(f: number, build: Build): Uint32Array {
  const machine = new Machine(build);
  const b = machine.floats(drawn('b', K * N, normal));
  const panels = machine.space(K * 16);
  const factor = { [isa.GEMM_B]: b, [isa.GEMM_N]: N, [isa.GEMM_K]: K, [isa.GEMM_PANELS]: panels };
  const c = machine.space(M * N);
  const full = [c, c];
  const operations = [[f, 0, 1, 2, 1]];
  const epilogue = machine.map(isa.ROWS, N, { full, scalar: [machine.floats([0.75])] }, operations);
  const product = instruction(isa.GEMM, {
    ...factor,
    [isa.GEMM_A]: machine.floats(drawn('a', M * K, normal)),
    [isa.GEMM_C]: c,
    [isa.GEMM_M]: isa.ROWS,
    [isa.GEMM_TRANSPOSED]: isa.PACKED_B,
    [isa.GEMM_EPILOGUE]: machine.uint32(epilogue),
  });
  machine.step([instruction(isa.PACK, factor), product], { rows: M });
  return new Uint32Array(machine.read(c, M * N).slice().buffer);
}

describe.each(builds)('$title', (build) => {
  const small = predicting(build);

  it.each(functions)('%s after a product: the same bits, or not there', (_, f) => {
    if (COMMON_FUNCTIONS.includes(f)) expect(productThen(f, small)).toEqual(productThen(f, build));
    else expect(() => productThen(f, small)).toThrow(WebAssembly.RuntimeError);
  });

  const { MAP, REDUCE, RANDOM, TRANSPOSE, COPY } = isa;
  it.each(Object.entries({ MAP, REDUCE, RANDOM, TRANSPOSE, COPY }))('has no %s', (_, opcode) => {
    const machine = new Machine(small);
    expect(() => machine.step([instruction(opcode, {})])).toThrow(WebAssembly.RuntimeError);
  });
});

it('a function that the small machine has not needs the whole one, alone or among others', () => {
  const using = (...code: readonly number[]) => ({ code, rows: [], scalars: [], temporaries: 0 });
  const [common, rare] = [isa.F_TANH, isa.F_ERF].map((f) => [f | (5 << 16), 1] as const);
  expect(runsSmall('softmax')).toBe(true);
  expect(runsSmall(using(...common!))).toBe(true);
  expect(runsSmall(using(...rare!))).toBe(false);
  expect(runsSmall(using(...common!, ...rare!))).toBe(false);
});
