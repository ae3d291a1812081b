/** How radial basis units become graph. */
import { sum } from '../../../graph/broadcast.js';
import { add, div, exp, maximum, mul, round, square, sub } from '../../../graph/elementwise.js';
import { matmul, transpose } from '../../../graph/linear.js';
import type { Node } from '../../../graph/node.js';
import { mean } from '../../../graph/reduce.js';
import type { LayerKind } from '../kind.js';
import { type RbfLayer, rbf } from '../rbf.js';

export const rbfKind: LayerKind<RbfLayer> = {
  build({ units, epsilon, learned, centreInitializer }, x, width, { name, parameter, statistic }) {
    const make = learned ? parameter : statistic;
    const centres = make(`${name}.centres`, [units, width], centreInitializer);
    const origin = middle(centres, epsilon);
    return exp(mul(distances(sub(x, origin), sub(centres, origin)), -(epsilon ** 2)));
  },
  width: (layer) => layer.units,
  check: ({ units, epsilon, learned, centreInitializer }) =>
    rbf(units, { epsilon, learned, centreInitializer }),
};

/** Squared ones of every row from every centre, rows x units. What rounding takes below 0 is 0: no bell is higher than 1. */
function distances(x: Node, centres: Node): Node {
  const lengths = add(sum(square(x), 'columns'), transpose(sum(square(centres), 'columns')));
  return maximum(sub(lengths, mul(matmul(x, transpose(centres)), 2)), 0);
}

/**
 * From where lengths are measured, so that those that cancel are not larger than the centres are apart: the mean of the centres to a whole number of
 * widths. No distance depends on it, and what is rounded has no slope: otherwise centres of a first layer would take a product more.
 */
function middle(centres: Node, epsilon: number): Node {
  return div(round(mul(mean(centres, 'rows'), epsilon)), epsilon);
}
