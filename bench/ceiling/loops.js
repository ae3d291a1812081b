/**
 * The loops whose rates are ceilings: multiply-adds that wait for nothing, and vectors that are only moved. Several shapes of
 * each, because which one an engine compiles well differs from engine to engine. Not here: timing.
 */
import {
  add,
  constant,
  countDown,
  get,
  increase,
  load,
  loadSplat,
  multiplyAdd,
  set,
  store,
  xor,
} from './assemble.js';

const LANES = 4;
const VECTOR_BYTES = 16;
const UNROLL = 4;
/** Terms of a tile's sums: its panels of A and B, at most 6 and 8 KiB, stay in the first-level cache. */
const TERMS = 256;
const TILE_COLUMNS = 8;

/** Where operands and results of the multiply-adds lie; buffers of the moves begin behind them. */
const [FACTOR, TERM, RESULTS, PANEL_A, PANEL_B] = [0, 16, 64, 4096, 16384];
export const BUFFERS = 65536;

const range = (count, each) => Array.from({ length: count }, (_, i) => each(i));
const keep = (vectors) => vectors.map((local, i) => store(constant(RESULTS), i * VECTOR_BYTES, get(local)));

/**
 * `accumulators` independent chains x := 0.999 x + 0.001, all in registers. One call makes `times` rounds.
 *
 * @param {'relaxed' | 'plain'} build
 */
function registers(build, accumulators) {
  const [times, factor, term] = [0, 1, 2];
  const chains = range(accumulators, (i) => 3 + i);
  const round = chains.map((x) => set(x, multiplyAdd[build](get(x), get(factor), get(term))));
  return {
    name: `${accumulators} registers`,
    parameters: 1,
    counters: 0,
    vectors: 2 + accumulators,
    flop: 2 * LANES * UNROLL * accumulators,
    body: [
      set(factor, load(constant(FACTOR), 0)),
      set(term, load(constant(TERM), 0)),
      countDown(
        times,
        range(UNROLL, () => round),
      ),
      keep(chains),
    ],
  };
}

/** The inner loop of a product: `rows` x 8 sums over panels in the first-level cache. One call makes `times` tiles. */
function tile(build, rows) {
  const [times, a, b, k, left, right, scalar] = range(7, (i) => i);
  const sums = range(2 * rows, (i) => 7 + i);
  const term = (u) => [
    set(left, load(get(b), 2 * u * VECTOR_BYTES)),
    set(right, load(get(b), (2 * u + 1) * VECTOR_BYTES)),
    range(rows, (row) => [
      set(scalar, loadSplat(get(a), 4 * (u * rows + row))),
      [left, right].map((half, i) => {
        const sum = sums[2 * row + i];
        return set(sum, multiplyAdd[build](get(scalar), get(half), get(sum)));
      }),
    ]),
  ];
  return {
    name: `tile ${rows}x${TILE_COLUMNS}`,
    parameters: 1,
    counters: 3,
    vectors: 3 + 2 * rows,
    flop: 2 * TERMS * rows * TILE_COLUMNS,
    body: [
      countDown(times, [
        [set(a, constant(PANEL_A)), set(b, constant(PANEL_B)), set(k, constant(TERMS / UNROLL))],
        countDown(k, [
          range(UNROLL, term),
          increase(a, 4 * UNROLL * rows),
          increase(b, 4 * UNROLL * TILE_COLUMNS),
        ]),
      ]),
      keep(sums),
    ],
  };
}

/** A call's `flop` per round, for each shape. */
export const multiplyAddLoops = (build) => [
  ...[8, 10, 12, 16].map((accumulators) => registers(build, accumulators)),
  ...[4, 6].map((rows) => tile(build, rows)),
];

const BLOCK_VECTORS = 8;
export const BLOCK_BYTES = BLOCK_VECTORS * VECTOR_BYTES;

/** Loops over blocks of 128 bytes. `streams`: arrays that are read or written. Parameters: blocks, then an address each. */
const move = (name, streams, vectors, block, after = []) => ({
  name,
  parameters: 1 + streams,
  streams,
  counters: 0,
  vectors,
  body: [countDown(0, [block, range(streams, (i) => increase(1 + i, BLOCK_BYTES))]), after],
});

const offsets = range(BLOCK_VECTORS, (i) => i * VECTOR_BYTES);
/** Four chains of xor: with two, a Zen 5, where each takes two cycles, reads half as fast; with eight, Node 20 does. */
const folded = [2, 3, 4, 5];

/** read: every vector once. copy: from one array to another. update: one array added to another. */
export const moves = {
  read: move(
    'read',
    1,
    folded.length,
    offsets.map((offset, i) => {
      const local = folded[i % folded.length];
      return set(local, xor(get(local), load(get(1), offset)));
    }),
    keep(folded),
  ),
  copy: move(
    'copy',
    2,
    0,
    offsets.map((offset) => store(get(2), offset, load(get(1), offset))),
  ),
  update: move(
    'update',
    2,
    0,
    offsets.map((offset) => store(get(2), offset, add(load(get(2), offset), load(get(1), offset)))),
  ),
};

/** Bytes that a pass over arrays of so many bytes moves: an update reads both and writes one. */
export const bytesMoved = { read: 1, copy: 2, update: 3 };

/** Fills the operands of the multiply-adds: values that stay near 1 however often they are taken. */
export function fillOperands(buffer) {
  new Float32Array(buffer, FACTOR, LANES).fill(0.999);
  new Float32Array(buffer, TERM, LANES).fill(0.001);
  new Float32Array(buffer, PANEL_A, TERMS * 6).fill(1e-3);
  new Float32Array(buffer, PANEL_B, TERMS * TILE_COLUMNS).fill(1e-3);
}
