/** A saved model, for the entry that only loads. */
import { dense, mlp } from '../../build/index.js';

export async function saved() {
  const model = await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
  return model.save();
}
