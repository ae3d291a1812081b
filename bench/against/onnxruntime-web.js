/** onnxruntime on WebAssembly, with as many threads as the problem says. */
import * as runtime from 'onnxruntime-web';
import { versionOf } from './installed.js';
import { contender } from './onnxruntime.js';

export const name = 'onnxruntime-web';
export const version = versionOf('onnxruntime-web');

export const { gemm, infer } = contender(runtime, (threads) => {
  runtime.env.wasm.numThreads = threads; // counts until the first session starts the engine
  return { executionProviders: ['wasm'] };
});
