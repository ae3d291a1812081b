/** The ceiling's loops do the work they are credited with: their results tell how often each step was taken. */
import { expect, it } from 'vitest';
import { assemble } from '../ceiling/assemble.js';
import { BLOCK_BYTES, BUFFERS, fillOperands, moves, multiplyAddLoops } from '../ceiling/loops.js';

const RESULTS = 64;
const LANES = 4;
const TIMES = 3;

function instance(functions) {
  const memory = new WebAssembly.Memory({ initial: 2 });
  fillOperands(memory.buffer);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(functions)), {
    env: { memory },
  });
  return { exports, memory };
}

const registers = multiplyAddLoops('plain').filter(({ name }) => name.includes('registers'));
const tiles = multiplyAddLoops('plain').filter(({ name }) => name.includes('tile'));

it.each(registers)('$name: every chain takes as many steps as are counted', ({ name, flop, vectors }) => {
  const { exports, memory } = instance(multiplyAddLoops('plain'));
  exports[name](TIMES);
  const chains = vectors - 2; // the factor and the term are no chains
  const steps = (TIMES * flop) / 2 / LANES / chains;
  const results = new Float32Array(memory.buffer, RESULTS, LANES * chains);
  for (const x of results) expect(x).toBeCloseTo(1 - 0.999 ** steps, 5); // x = 0.999 x + 0.001 from 0
});

it.each(tiles)('$name: every sum takes as many terms as are counted', ({ name, flop, vectors }) => {
  const { exports, memory } = instance(multiplyAddLoops('plain'));
  exports[name](TIMES);
  const sums = LANES * (vectors - 3); // two vectors of B and one of A are no sums
  const terms = (TIMES * flop) / 2 / sums;
  const results = new Float32Array(memory.buffer, RESULTS, sums);
  for (const sum of results) expect(sum * 1e6).toBeCloseTo(terms, 1); // each term is 0.001 times 0.001
});

it('moves whole arrays, and no more', () => {
  const { exports, memory } = instance(Object.values(moves));
  const [from, to] = [BUFFERS, BUFFERS + 4 * BLOCK_BYTES];
  const floats = (at, bytes) => new Float32Array(memory.buffer, at, bytes / 4);
  floats(from, 4 * BLOCK_BYTES).fill(3);
  exports.copy(2, from, to);
  expect([...floats(to, 4 * BLOCK_BYTES)]).toEqual([...Array(64).fill(3), ...Array(64).fill(0)]);
  exports.update(1, from, to);
  expect([...floats(to, 4 * BLOCK_BYTES)]).toEqual([
    ...Array(32).fill(6),
    ...Array(32).fill(3),
    ...Array(64).fill(0),
  ]);
});

it('reads every vector: one odd bit anywhere changes what is left', () => {
  const { exports, memory } = instance([moves.read]);
  const words = new Uint32Array(memory.buffer, BUFFERS, (2 * BLOCK_BYTES) / 4);
  // four vectors are left
  const folded = () => [...new Uint32Array(memory.buffer, RESULTS, 16)].reduce((all, word) => all ^ word, 0);
  for (let i = 0; i < words.length; i++) {
    words.fill(0);
    words[i] = 1;
    exports.read(2, BUFFERS);
    expect(folded()).toBe(1);
  }
});
