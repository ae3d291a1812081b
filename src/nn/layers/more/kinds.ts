/** The kinds of layers that few networks have: a part of the bundle that is fetched by those that do (table.ts). */
import { batchNormalizationKind, layerNormalizationKind } from './normalization.js';
import { gluKind, maxoutKind } from './pieces.js';
import { pairProductsKind, polynomialKind, powerProductsKind } from './products.js';
import { rbfKind } from './rbf.js';

export const moreKinds = {
  maxout: maxoutKind,
  glu: gluKind,
  pairProducts: pairProductsKind,
  powerProducts: powerProductsKind,
  polynomial: polynomialKind,
  rbf: rbfKind,
  batchNormalization: batchNormalizationKind,
  layerNormalization: layerNormalizationKind,
};
