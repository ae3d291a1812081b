/** Every argument of the functions that describe layers, for wrong.test.ts; those of dense ones that bound weights are in regularizers.test.ts. */
import {
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  glu,
  layerNormalization,
  maxout,
  polynomial,
  powerProducts,
  rbf,
} from 'wasmlp';
import type { Argument } from '../support/wrong.js';

const options = { name: 'options', fine: ['undefined', 'an object'] } as const;

const initializer = (value: never) => dense(2, 'relu', { weightInitializer: value });

export const doors: readonly (Argument & { readonly of: string })[] = [
  { of: 'dense', name: 'units', use: (value) => dense(value) },
  { of: 'dense', name: 'activation', use: (value) => dense(2, value), fine: ['undefined'] },
  { of: 'dense', name: 'options', use: (value) => dense(2, 'relu', value), fine: ['undefined', 'an object'] },
  {
    of: 'dense',
    name: 'options.bias',
    use: (bias) => dense(2, 'relu', { bias }),
    fine: ['undefined', 'a truth value'],
  },
  { of: 'dense', name: 'options.weightInitializer', use: initializer, fine: ['undefined'] },
  {
    of: 'dense',
    name: 'options.biasInitializer',
    use: (biasInitializer) => dense(2, 'relu', { biasInitializer }),
    fine: ['undefined'],
  },
  {
    of: 'dense',
    name: 'options.weightInitializer.constant',
    use: (constant) => initializer({ constant } as never),
    fine: ['-1', '0.5'],
  },
  {
    of: 'dense',
    name: 'options.weightInitializer.uniform',
    use: (uniform) => initializer({ uniform } as never),
    fine: ['0.5'],
  },
  {
    of: 'dense',
    name: 'options.weightInitializer.normal',
    use: (normal) => initializer({ normal } as never),
    fine: ['0.5'],
  },
  {
    of: 'dense',
    name: 'options.weightInitializer.truncatedNormal',
    use: (truncatedNormal) => initializer({ truncatedNormal } as never),
    fine: ['0.5'],
  },
  {
    of: 'dense',
    name: 'options.weightInitializer.orthogonal',
    use: (orthogonal) => initializer({ orthogonal } as never),
    fine: ['0.5'],
  },
  { of: 'dropout', name: 'rate', use: (value) => dropout(value), fine: ['0.5'] },
  { of: 'gaussianNoise', name: 'deviation', use: (value) => gaussianNoise(value), fine: ['0.5'] },
  { of: 'maxout', name: 'units', use: (units) => maxout(units, 2) },
  { of: 'maxout', name: 'pieces', use: (pieces) => maxout(2, pieces) },
  { of: 'maxout', ...options, use: (value) => maxout(2, 2, value) },
  { of: 'glu', name: 'units', use: (units) => glu(units) },
  { of: 'glu', ...options, use: (value) => glu(2, value) },
  { of: 'polynomial', name: 'degree', use: (degree) => polynomial(degree) },
  { of: 'powerProducts', name: 'units', use: (units) => powerProducts(units) },
  { of: 'powerProducts', ...options, use: (value) => powerProducts(2, value) },
  {
    of: 'powerProducts',
    name: 'options.epsilon',
    use: (epsilon) => powerProducts(2, { epsilon }),
    fine: ['undefined', '0.5'],
  },
  {
    of: 'powerProducts',
    name: 'options.weightInitializer',
    use: (weightInitializer) => powerProducts(2, { weightInitializer }),
    fine: ['undefined'],
  },
  { of: 'rbf', name: 'units', use: (units) => rbf(units) },
  { of: 'rbf', ...options, use: (value) => rbf(2, value) },
  { of: 'rbf', name: 'options.epsilon', use: (epsilon) => rbf(2, { epsilon }), fine: ['undefined', '0.5'] },
  {
    of: 'rbf',
    name: 'options.learned',
    use: (learned) => rbf(2, { learned }),
    fine: ['undefined', 'a truth value'],
  },
  {
    of: 'rbf',
    name: 'options.centreInitializer',
    use: (centreInitializer) => rbf(2, { centreInitializer }),
    fine: ['undefined'],
  },
  { of: 'batchNormalization', ...options, use: (value) => batchNormalization(value) },
  {
    of: 'batchNormalization',
    name: 'options.momentum',
    use: (momentum) => batchNormalization({ momentum }),
    fine: ['undefined', '0.5'],
  },
  {
    of: 'batchNormalization',
    name: 'options.epsilon',
    use: (epsilon) => batchNormalization({ epsilon }),
    fine: ['undefined', '0.5'],
  },
  { of: 'layerNormalization', ...options, use: (value) => layerNormalization(value) },
  {
    of: 'layerNormalization',
    name: 'options.epsilon',
    use: (epsilon) => layerNormalization({ epsilon }),
    fine: ['undefined', '0.5'],
  },
];
