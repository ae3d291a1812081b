/** How layers that multiply their inputs become graph. */
import { abs, add, exp, log } from '../../../graph/elementwise.js';
import { matmul } from '../../../graph/linear.js';
import {
  monomials,
  pairProducts as pairProductsOf,
  pairs,
  polynomial as polynomialOf,
} from '../../../graph/multiplicative.js';
import type { LayerKind } from '../kind.js';
import {
  type PairProductsLayer,
  type PolynomialLayer,
  type PowerProductsLayer,
  pairProducts,
  polynomial,
  powerProducts,
} from '../products.js';

export const pairProductsKind: LayerKind<PairProductsLayer> = {
  build: (_layer, x) => pairProductsOf(x),
  width: (_layer, width) => pairs(width),
  check: () => pairProducts(),
};

export const polynomialKind: LayerKind<PolynomialLayer> = {
  build: (layer, x) => polynomialOf(x, layer.degree),
  width: (layer, width) => monomials(width, layer.degree),
  check: ({ degree }) => polynomial(degree),
};

export const powerProductsKind: LayerKind<PowerProductsLayer> = {
  build({ units, epsilon, weightInitializer }, x, width, { name, parameter }) {
    const exponents = parameter(`${name}.weight`, [width, units], weightInitializer);
    return exp(matmul(log(add(abs(x), epsilon)), exponents));
  },
  width: (layer) => layer.units,
  check: ({ units, epsilon, weightInitializer }) => powerProducts(units, { epsilon, weightInitializer }),
};
