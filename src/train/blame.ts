/** What to say of a divergence: at which step, and in which layer first. Asked before parameters are recovered. */
import { DivergenceError } from '../errors.js';
import type { Matrix } from './matrix.js';
import { Pass } from './pass.js';
import type { ParameterStore } from './store.js';

/** After `steps` steps whose losses were finite: the update of the last of them overflowed, or the loss of the next one's batch. */
export function divergence(store: ParameterStore, steps: number, batch: () => Matrix): DivergenceError {
  const parameter = store.firstNonFinite();
  if (parameter) return new DivergenceError(steps - 1, parameter.split('.').slice(0, 2).join('.'));
  return new DivergenceError(steps, firstOverflow(store, batch()));
}

/** The first layer, in forward order, whose values are not finite; the last one where they only overflow in the loss. */
function firstOverflow(store: ParameterStore, batch: Matrix): string {
  const { layerOutputs } = store.network;
  const bytes = batch.values instanceof Uint8Array;
  const pass = new Pass(store, { capacity: batch.rows, bytes, outputs: layerOutputs });
  let layer = `layers.${layerOutputs.length - 1}`;
  pass.run(batch, null, (_first, _rows, outputs) => {
    const index = outputs.findIndex((values) => !values.every(Number.isFinite));
    if (index >= 0) layer = `layers.${index}`;
  });
  pass.dispose();
  return layer;
}
