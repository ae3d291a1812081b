/**
 * Question: how long is it from the import to the end of the first training step, in a fresh process? Node's own start is measured beside it,
 * alternately, and taken off. Scripts draw first weights in their library's own way, and say that they are done by one character.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { versionOf } from './against/installed.js';
import { NPM, OURS } from './peers.js';
import { measured, unmeasured } from './result.js';

const MIN_ROUNDS = 15;

const scriptOf = (file) => fileURLToPath(new URL(file, import.meta.url));
const NODE_ALONE = ['-e', "fs.writeSync(1, '.')"];

const STARTERS = [
  { ...OURS, script: 'first-step.js', threads: 1 },
  { ...OURS, name: 'wasmlp, 2 threads', script: 'first-step.js', threads: 2 },
  { name: 'jax-js', script: 'against/first-step/jax.js', package: '@jax-js/jax' },
  {
    name: 'tfjs-wasm',
    script: 'against/first-step/tfjs.js',
    package: '@tensorflow/tfjs',
    argument: 'wasm',
  },
  { name: 'tfjs-cpu', script: 'against/first-step/tfjs.js', package: '@tensorflow/tfjs', argument: 'cpu' },
  { name: 'brain.js', script: 'against/first-step/brain.js', package: 'brain.js' },
];

export const question = {
  unit: 'ms',
  isCost: true,
  cases: [
    { name: '2-16-2, batch 4', shape: { sizes: [2, 16, 2], batch: 4 } },
    { name: '784-256-128-10, batch 128', shape: { sizes: [784, 256, 128, 10], batch: 128 } },
  ],
};

/** @returns {Promise<import('./result.js').Result[]>} */
export async function measure({ shape }, { effort }) {
  const seats = STARTERS.map((starter) => ({ ...starter, times: [], failure: undefined }));
  for (let round = 0; round < Math.max(MIN_ROUNDS, effort.rounds); round++) {
    const { milliseconds: alone } = await start(NODE_ALONE);
    for (const seat of seats.filter(({ failure }) => failure === undefined)) {
      const problem = JSON.stringify({ ...shape, threads: seat.threads ?? 1 });
      const { milliseconds, failure } = await start([scriptOf(seat.script), problem, seat.argument ?? '']);
      seat.failure = failure;
      seat.times.push(milliseconds - alone);
    }
  }
  return seats.map(({ name, install = NPM, version, failure, times, package: from }) => {
    if (failure !== undefined) return unmeasured({ name, install }, failure);
    return measured({ name, version: version ?? versionOf(from), note: `${times.length} processes` }, times);
  });
}

/**
 * Starts Node and waits for the character, or for what it says on its error output instead. Then it is killed: now and then an exit of Node 24
 * waits for ever for a thread that compiles, which waits for it to collect garbage (nodejs/node#54918).
 */
async function start(args) {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let milliseconds;
  let complaint = '';
  child.stdout.once('data', () => {
    milliseconds = performance.now() - begin;
    child.kill('SIGKILL');
  });
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  await once(child, 'close');
  return milliseconds === undefined ? { failure: complaint } : { milliseconds };
}
