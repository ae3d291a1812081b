/** After a divergence: the first layer, in forward order, whose numbers are not finite. */
import type { Matrix } from './matrix.js';
import { Pass } from './pass.js';
import type { ParameterStore } from './store.js';

/** For the batch whose loss was not finite, before parameters are recovered: "layers.2", or "loss". */
export function blame(store: ParameterStore, batch: Matrix): string {
  const parameter = store.firstNonFinite();
  if (parameter) return parameter.split('.').slice(0, 2).join('.');
  const { layerOutputs } = store.network;
  const bytes = batch.values instanceof Uint8Array;
  const pass = new Pass(store, { capacity: batch.rows, bytes, outputs: layerOutputs });
  let layer = 'loss';
  pass.run(batch, null, (_first, _rows, outputs) => {
    const index = outputs.findIndex((values) => !values.every(Number.isFinite));
    if (index >= 0) layer = `layers.${index}`;
  });
  pass.dispose();
  return layer;
}
