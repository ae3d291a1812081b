/** A layer of every kind: what the vectors' program calls each that it has run, and those whose numbers suites of their own hold. */
import {
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  glu,
  type Layer,
  layerNormalization,
  maxout,
  pairProducts,
  polynomial,
  powerProducts,
  rbf,
} from 'wasmlp';

export const foreignLayers: Readonly<Record<string, Layer>> = {
  maxout: maxout(5, 3),
  glu: glu(5),
  pairProducts: pairProducts(),
  polynomial: polynomial(3),
  powerProducts: powerProducts(5, { epsilon: 0.25 }),
  rbf: rbf(5, { epsilon: 0.7 }),
  'rbf, fixed': rbf(5, { epsilon: 0.7, learned: false }),
  batchNormalization: batchNormalization({ momentum: 0.3, epsilon: 1e-4 }),
  layerNormalization: layerNormalization({ epsilon: 1e-4 }),
};

/** A suite, and the name of a test there. Random layers have no foreign run: other libraries draw other numbers. */
interface OwnSuite {
  readonly layer: Layer;
  readonly suite: string;
  readonly test: string;
}

export const ownSuites: Readonly<Record<string, OwnSuite>> = {
  dense: { layer: dense(5, 'tanh'), suite: 'nn/networks.test.ts', test: '$activation with $loss' },
  dropout: {
    layer: dropout(0.3),
    suite: 'train/dropout.test.ts',
    test: 'keeps the expectation and has the variance of inverted dropout',
  },
  gaussianNoise: {
    layer: gaussianNoise(0.3),
    suite: 'train/noise.test.ts',
    test: 'adds its variance to every input in training, and nothing elsewhere',
  },
};
