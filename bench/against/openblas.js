/** OpenBLAS's `sgemm`, called by NumPy. Native code, outside WebAssembly's ceiling. */
import { pythonPeer } from './python.js';

const peer = await pythonPeer('openblas.py');

export const name = 'OpenBLAS';
export const { version } = peer;
export const gemm = (problem) => peer.work('gemm', problem);
