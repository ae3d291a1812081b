/** How normalizations become graph, and what of a batch is kept. */
import type { Axis } from '../../../graph/broadcast.js';
import { add, div, maximum, mul, sqrt, square, sub } from '../../../graph/elementwise.js';
import { rowCount } from '../../../graph/leaves.js';
import type { Node } from '../../../graph/node.js';
import { mean } from '../../../graph/reduce.js';
import type { LayerContext, LayerKind } from '../kind.js';
import {
  type BatchNormalizationLayer,
  batchNormalization,
  type LayerNormalizationLayer,
  layerNormalization,
} from '../normalization.js';

export const batchNormalizationKind: LayerKind<BatchNormalizationLayer> = {
  build({ momentum, epsilon }, x, width, context) {
    const { name, training, statistic, update } = context;
    const runningMean = statistic(`${name}.runningMean`, [1, width], { constant: 0 });
    const runningVariance = statistic(`${name}.runningVariance`, [1, width], { constant: 1 });
    if (!training) return normalized(x, runningMean, runningVariance, epsilon, width, context);
    const { centre, variance } = momentsOf(x, 'rows');
    const unbiased = mul(variance, div(rowCount(), maximum(sub(rowCount(), 1), 1)));
    const moved = (old: Node, now: Node) => add(mul(old, 1 - momentum), mul(now, momentum));
    update(runningMean, moved(runningMean, centre));
    update(runningVariance, moved(runningVariance, unbiased));
    return normalized(x, centre, variance, epsilon, width, context);
  },
  width: (_layer, width) => width,
  check: ({ momentum, epsilon }) => batchNormalization({ momentum, epsilon }),
};

export const layerNormalizationKind: LayerKind<LayerNormalizationLayer> = {
  build({ epsilon }, x, width, context) {
    const { centre, variance } = momentsOf(x, 'columns');
    return normalized(x, centre, variance, epsilon, width, context);
  },
  width: (_layer, width) => width,
  check: ({ epsilon }) => layerNormalization({ epsilon }),
};

/** Mean, and mean squared distance from it. */
function momentsOf(x: Node, axis: Axis): { centre: Node; variance: Node } {
  const centre = mean(x, axis);
  return { centre, variance: mean(square(sub(x, centre)), axis) };
}

function normalized(
  x: Node,
  centre: Node,
  variance: Node,
  epsilon: number,
  width: number,
  { name, parameter }: LayerContext,
): Node {
  const scale = parameter(`${name}.scale`, [1, width], { constant: 1 });
  const bias = parameter(`${name}.bias`, [1, width], 'zeros', { role: 'bias' });
  return add(mul(div(sub(x, centre), sqrt(add(variance, epsilon))), scale), bias);
}
