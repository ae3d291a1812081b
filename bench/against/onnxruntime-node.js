/** onnxruntime as native code for Node; a peer outside WebAssembly's ceiling. */
import * as runtime from 'onnxruntime-node';
import { versionOf } from './installed.js';
import { contender } from './onnxruntime.js';

export const name = 'onnxruntime-node';
export const version = versionOf('onnxruntime-node');

export const { gemm, infer } = contender(runtime, (threads) => ({
  executionProviders: ['cpu'],
  intraOpNumThreads: threads,
}));
