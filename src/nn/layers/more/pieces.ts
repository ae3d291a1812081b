/** How maxout and gated linear units become graph. */
import { slice } from '../../../graph/arrange.js';
import { mul, sigmoid } from '../../../graph/elementwise.js';
import { maxout as maxoutOf } from '../../../graph/multiplicative.js';
import { weightedSums, weightsOf } from '../dense.js';
import type { LayerKind } from '../kind.js';
import { type GluLayer, glu, type MaxoutLayer, maxout } from '../pieces.js';

export const maxoutKind: LayerKind<MaxoutLayer> = {
  build: (layer, x, width, context) =>
    maxoutOf(weightedSums(layer, x, width, layer.pieces * layer.units, context), layer.pieces),
  width: (layer) => layer.units,
  check: ({ units, pieces, ...weights }) => maxout(units, pieces, weightsOf(weights)),
};

export const gluKind: LayerKind<GluLayer> = {
  build(layer, x, width, context) {
    const { units } = layer;
    const z = weightedSums(layer, x, width, 2 * units, context);
    return mul(slice(z, 'columns', 0, units), sigmoid(slice(z, 'columns', units, 2 * units)));
  },
  width: (layer) => layer.units,
  check: ({ units, ...weights }) => glu(units, weightsOf(weights)),
};
