/**
 * The ceiling, as a contender: what one core could do at most if all it had to do were the question's multiply-adds, or only to
 * move its bytes. It takes its turns like the others, so that the machine's moods meet it too. Not a proof: the best of several loops
 * (ceiling/loops.js), so a share above 1 says that none of them was good enough on this engine.
 *
 * A question says with `bound(problem)` what one run costs at least. The rate of one core counts `threads` times. With wide vectors the
 * ceiling stays that of 128 bits.
 */
import { performance } from 'node:perf_hooks';
import { assemble } from './ceiling/assemble.js';
import { BLOCK_BYTES, BUFFERS, bytesMoved, fillOperands, moves, multiplyAddLoops } from './ceiling/loops.js';

export const name = 'ceiling';
export const version = '';

/**
 * @typedef {{ kind: 'multiplyAdd', flop: number } | { kind: keyof typeof bytesMoved, bytes: number, arrayBytes: number }} Bound
 *   of one run: operations; or bytes moved, through arrays of `arrayBytes` each (so from whichever cache holds them)
 */

/** Calls are this long: long enough not to count, short enough that an engine replaces its first, slow code. */
const CALL_SECONDS = 20e-6;
const GUESSED_FLOP_PER_SECOND = 40e9;
const PROBE_SECONDS = 0.03;
const PROBE_ROUNDS = 3;

/** @returns {'relaxed' | 'plain'} what the host can do */
function hostBuild() {
  return WebAssembly.validate(assemble(multiplyAddLoops('relaxed'))) ? 'relaxed' : 'plain';
}

/** Gives a call that does `amount` of the work. */
function multiplyAdds() {
  const build = hostBuild();
  const loops = multiplyAddLoops(build);
  const memory = new WebAssembly.Memory({ initial: 1 });
  fillOperands(memory.buffer);
  const exports = instantiate(loops, memory);
  return loops.map(({ name, flop }) => {
    const rounds = Math.ceil((CALL_SECONDS * GUESSED_FLOP_PER_SECOND) / flop);
    return { text: `${name}, ${build}`, amount: rounds * flop, call: () => exports[name](rounds) };
  });
}

function moving({ kind, arrayBytes }) {
  const blocks = Math.ceil(arrayBytes / BLOCK_BYTES);
  const { streams } = moves[kind];
  const addresses = Array.from({ length: streams }, (_, i) => BUFFERS + i * blocks * BLOCK_BYTES);
  const pages = Math.ceil((BUFFERS + streams * blocks * BLOCK_BYTES) / 65536);
  const exports = instantiate([moves[kind]], new WebAssembly.Memory({ initial: pages }));
  return [
    {
      text: `${kind} of ${Math.round(arrayBytes / 1024)} KiB`,
      amount: blocks * BLOCK_BYTES * bytesMoved[kind],
      call: () => exports[kind](blocks, ...addresses),
    },
  ];
}

const instantiate = (functions, memory) =>
  new WebAssembly.Instance(new WebAssembly.Module(assemble(functions)), { env: { memory } }).exports;

function speedOf({ call, amount }) {
  const begin = performance.now();
  let calls = 0;
  let elapsed = 0;
  for (; elapsed < PROBE_SECONDS; elapsed = (performance.now() - begin) / 1000, calls++) call();
  return (calls * amount) / elapsed;
}

/** The quickest of some ways; the first look at each only warms it up. */
function quickest(ways) {
  const speeds = ways.map(() => 0);
  for (let round = 0; round < PROBE_ROUNDS; round++)
    for (const [i, way] of ways.entries()) speeds[i] = round === 0 ? 0 : Math.max(speeds[i], speedOf(way));
  return ways[speeds.indexOf(Math.max(...speeds))];
}

/** @returns {import('./contender.js').Work} whose runs cost exactly what the question says, in the long run */
function bounded(problem, question) {
  const { flop, bytes, ...bound } = question.bound(problem);
  const { call, amount, text } = quickest(bound.kind === 'multiplyAdd' ? multiplyAdds() : moving(bound));
  const { threads = 1 } = problem;
  let owed = 0;
  return {
    run(times) {
      for (owed += (times * (flop ?? bytes)) / threads; owed > 0; owed -= amount) call();
    },
    verdict: { ok: true, text: threads === 1 ? text : `${text}, times ${threads}` },
  };
}

export { bounded as gemm, bounded as infer, bounded as map, bounded as train };
