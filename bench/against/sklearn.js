/** scikit-learn's `MLPClassifier`, whose products are NumPy's on OpenBLAS. Native code, outside WebAssembly's ceiling. */
import { pythonPeer } from './python.js';

const peer = await pythonPeer('scikit_learn.py');

export const name = 'scikit-learn';
export const { version } = peer;
export const train = (problem) => peer.work('train', problem);
