/** How radial basis units become graph. */
import { sum } from '../../../graph/broadcast.js';
import { add, exp, mul, square, sub } from '../../../graph/elementwise.js';
import { matmul, transpose } from '../../../graph/linear.js';
import type { LayerKind } from '../kind.js';
import { type RbfLayer, rbf } from '../rbf.js';

export const rbfKind: LayerKind<RbfLayer> = {
  build({ units, epsilon, learned, centreInitializer }, x, width, { name, parameter, statistic }) {
    const make = learned ? parameter : statistic;
    const centres = make(`${name}.centres`, [units, width], centreInitializer);
    const lengths = add(sum(square(x), 'columns'), transpose(sum(square(centres), 'columns')));
    const distances = sub(lengths, mul(matmul(x, transpose(centres)), 2));
    return exp(mul(distances, -(epsilon ** 2)));
  },
  width: (layer) => layer.units,
  check: ({ units, epsilon, learned, centreInitializer }) =>
    rbf(units, { epsilon, learned, centreInitializer }),
};
