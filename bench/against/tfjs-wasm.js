/**
 * TensorFlow.js on WebAssembly (XNNPACK), the build with SIMD. Its threads need Web Workers, so in Node it has one.
 */
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { folderOf } from './installed.js';
import { useBackend } from './tfjs.js';

setWasmPaths(fileURLToPath(new URL('dist/', folderOf('@tensorflow/tfjs-backend-wasm'))));
await useBackend('wasm');

export const name = 'tfjs-wasm';
export { gemm, infer, map, train, version } from './tfjs.js';
