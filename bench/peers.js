/**
 * Who is measured in which questions.
 *
 * Slow peers sit out the heavy cases, where one step takes them seconds. synaptic stays out of `train` altogether: 784-256-128-10
 * takes it 44 s to build and a second for 5 samples. scikit-learn stays out of `tiny`: of two classes it makes one output.
 */

import { readFileSync } from 'node:fs';

/** @typedef {import('./harness.js').Entry} Entry */

const moduleOf = (file) => new URL(file, import.meta.url).href;

/** @type {Entry & { version: string }} */
export const OURS = {
  name: 'wasmlp',
  version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  module: moduleOf('ours.js'),
  install: 'npm run build',
};
/** @type {Entry} */
export const CEILING = { name: 'ceiling', module: moduleOf('ceiling.js'), install: 'it is part of bench' };

export const NPM = 'npm ci --prefix bench/against';
const DEBIAN = 'apt-get install python3-torch python3-sklearn python3-numpy libopenblas0-pthread';

/**
 * `threaded`: obeys the number of threads; with several, one thread is measured too, as it is often the faster.
 *
 * @type {{ name: string, file: string, questions: string[], slow?: boolean, threaded?: boolean, install?: string }[]}
 */
const PEERS = [
  { name: 'jax-js', file: 'jax', questions: ['train', 'tiny', 'gemm', 'infer', 'map'] },
  { name: 'tfjs-wasm', file: 'tfjs-wasm', questions: ['train', 'tiny', 'gemm', 'infer', 'map'] },
  { name: 'tfjs-cpu', file: 'tfjs-cpu', questions: ['train', 'tiny'], slow: true },
  { name: 'brain.js', file: 'brain', questions: ['train', 'tiny'], slow: true },
  { name: 'ConvNetJS', file: 'convnet', questions: ['train', 'tiny'], slow: true },
  { name: 'synaptic', file: 'synaptic', questions: ['tiny'] },
  { name: 'onnxruntime-web', file: 'onnxruntime-web', questions: ['gemm', 'infer'] },
  { name: 'onnxruntime-node', file: 'onnxruntime-node', questions: ['gemm', 'infer'] },
  {
    name: 'PyTorch',
    file: 'pytorch',
    questions: ['train', 'tiny', 'infer'],
    threaded: true,
    install: DEBIAN,
  },
  { name: 'scikit-learn', file: 'sklearn', questions: ['train'], threaded: true, install: DEBIAN },
  { name: 'OpenBLAS', file: 'openblas', questions: ['gemm'], threaded: true, install: DEBIAN },
];

/**
 * @param {string} question
 * @param {boolean} heavy whether the case is
 * @param {number} threads
 * @returns {Entry[]}
 */
export const peersFor = (question, heavy, threads) =>
  PEERS.filter(({ questions, slow }) => questions.includes(question) && !(slow && heavy)).flatMap(
    ({ name, file, threaded = false, install = NPM }) => {
      const peer = { name, module: moduleOf(`against/${file}.js`), install };
      const single = { ...peer, name: `${name}, 1 thread`, shape: { threads: 1 } };
      return threaded && threads > 1 ? [peer, single] : [peer];
    },
  );
