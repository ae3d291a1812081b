/** PyTorch: eager networks of `nn.Linear`, as its tutorials build them. Native code, outside WebAssembly's ceiling. */
import { pythonPeer } from './python.js';

const peer = await pythonPeer('pytorch.py');

export const name = 'PyTorch';
export const { version } = peer;
export const train = (problem) => peer.work('train', problem);
export const infer = (problem) => peer.work('infer', problem);
