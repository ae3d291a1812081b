/**
 * Who is measured beside us, in which questions.
 *
 * Slow peers sit out the heavy cases, where one step takes them seconds. synaptic stays out of `train` altogether: 784-256-128-10
 * takes it 44 s to build and a second for 5 samples.
 */

/** @type {{ name: string, file: string, questions: string[], slow?: boolean }[]} */
const PEERS = [
  { name: 'jax-js', file: 'jax', questions: ['train', 'tiny', 'gemm', 'infer'] },
  { name: 'tfjs-wasm', file: 'tfjs-wasm', questions: ['train', 'tiny', 'gemm', 'infer'] },
  { name: 'tfjs-cpu', file: 'tfjs-cpu', questions: ['train', 'tiny'], slow: true },
  { name: 'brain.js', file: 'brain', questions: ['train', 'tiny'], slow: true },
  { name: 'synaptic', file: 'synaptic', questions: ['tiny'] },
  { name: 'onnxruntime-web', file: 'onnxruntime-web', questions: ['gemm', 'infer'] },
  { name: 'onnxruntime-node', file: 'onnxruntime-node', questions: ['gemm', 'infer'] },
];

/**
 * @param {string} question
 * @param {boolean} heavy whether the case is
 * @returns {{ name: string, module: string, install: string }[]}
 */
export const peersFor = (question, heavy) =>
  PEERS.filter(({ questions, slow }) => questions.includes(question) && !(slow && heavy)).map(
    ({ name, file }) => ({
      name,
      module: new URL(`against/${file}.js`, import.meta.url).href,
      install: 'npm ci --prefix bench/against',
    }),
  );
