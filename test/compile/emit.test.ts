/**
 * The words of a small program, worked out by hand from assembly/isa.ts. Written as numbers on purpose: names would
 * follow the instruction set wherever it goes, a file of programs would not.
 */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import type { Job } from '../../src/compile/job.js';
import {
  add,
  input,
  matmul,
  mul,
  parameter,
  ROWS,
  relu,
  sub,
  sum,
  transpose,
  uniform,
} from '../../src/graph.js';

const ADDRESSES: Readonly<Record<string, number>> = {
  code: 1000,
  constants: 2000,
  scalars: 3000,
  results: 4000,
  temporaries: 5000,
  steps: 6000,
  resultTable: 7000,
  memory: 9000,
  images: 20000,
  order: 30000,
};
const at = (offset: number) => ({ block: 'memory', offset });
const BATCH = 0xffffffff;

function words(job: Job): number[][] {
  const all = Array.from(compile(job).emit((block) => ADDRESSES[block]!));
  return Array.from({ length: Math.ceil(all.length / 16) }, (_, i) => all.slice(16 * i, 16 * i + 16));
}

/** A row of 16 words, zeros behind what is given. */
const row = (...values: number[]) => [...values, ...new Array(16 - values.length).fill(0)];

describe('emit', () => {
  it('a layer, an update of its bias, a result', () => {
    const x = input('x', [ROWS, 3]);
    const w = parameter('w', [3, 2]);
    const b = parameter('b', [1, 2]);
    const rate = input('rate', [1, 1]);
    const y = relu(add(matmul(x, w), b));
    const job: Job = {
      capacity: 4,
      leaves: new Map([
        [x, at(0)],
        [w, at(64)],
        [b, at(96)],
      ]),
      scalars: [rate],
      stores: [
        { value: y, place: at(112) },
        { value: sub(b, mul(rate, sum(y, 'rows'))), place: at(96) },
      ],
      results: [sum(y)],
    };
    expect(words(job)).toEqual([
      // code at 1064, 4 instructions; records of 3 words and 1 scalar; 1 result
      row(1064, 4, 6000, 4, 3000, 1, 4000, 1, 7000, 0),
      // GEMM: x, w, y, ROWS x 2, k = 3, nothing transposed, bias, epilogue, panels
      row(1, 9000, 9064, 9112, BATCH, 2, 3, 0, 9096, 1336, 5000),
      // REDUCE: y over its rows
      row(3, 9112, 5000, BATCH, 2, 0),
      // MAP over 2 elements: operands at 1400, three whole ones, one number; code at 1416
      row(2, 2, 1, 1400, 3, 0, 0, 1, 1416, 1, 0),
      // REDUCE: all of y
      row(3, 9112, 4000, BATCH, 2, 2),
      // behind the instructions: operands and code of the epilogue (1 = relu 0), the epilogue, operands of the MAP
      [9112, 9112, 10 | (1 << 16), 0, 2, BATCH, 2, 1320, 2, 0, 0, 0, 1328, 1, 0, 0],
      // b = b - rate * sum
      [0, 0, 0, 0, 5000, 9096, 9096, 3004, 24 | (2 << 16), 3 | (0 << 8) | (1 << 16)],
    ]);
  });

  it('what is gathered, drawn, transposed and checked', () => {
    const x = input('x', [ROWS, 4]);
    const job: Job = {
      capacity: 8,
      leaves: new Map([[x, at(0)]]),
      stores: [
        { value: uniform([ROWS, 4], { seed: 11, stream: 22 }), place: at(256) },
        { value: transpose(x), place: at(512) },
      ],
      sources: [{ input: x, block: 'images', order: 'order', type: 'uint8', scale: 1 / 255 }],
      check: sum(x),
    };
    expect(words(job)).toEqual([
      row(1064, 5, 6000, 3, 3000, 0, 4000, 0, 7000, 0),
      // GATHER: bytes, times the float32 1 / 255
      row(6, 20000, 9000, 4, 30000, 1, 0x3b808081),
      // RANDOM
      row(5, 9256, BATCH, 4, 11, 22),
      // TRANSPOSE
      row(7, 9000, 9512, BATCH, 4),
      // REDUCE, CHECK
      row(3, 9000, 5000, BATCH, 4, 2),
      row(9, 5000, 1, 1),
    ]);
  });
});
