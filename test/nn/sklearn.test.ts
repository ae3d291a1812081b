/**
 * The training curves of scikit-learn's example plot_mlp_training_curves, drawn again: from its weights, in its order of samples, seven ways to
 * learn, every epoch's loss within 1e-3. Its losses carry a penalty of up to 1e-4 that ours do not.
 */
import { describe, expect, it } from 'vitest';
import { adam, dense, type Engine, mlp, type Optimizer, sgd } from 'wasmlp';
import { add, mul, sub } from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';
import { type CurveVectors, curveVectors } from '../vectors/vectors.js';

const ALPHA = 1e-4;
const BOUND = 1e-3;

/** scikit-learn's penalty: of weights alone. */
function decayed(optimizer: Optimizer, decay: number): Optimizer {
  return {
    ...optimizer,
    update(parameter, gradient, state, scalars) {
      const slope = parameter.name.endsWith('.weight') ? add(gradient, mul(parameter, decay)) : gradient;
      return optimizer.update(parameter, slope, state, scalars);
    },
  };
}

/**
 * Its momentum, v := momentum v - rate g: old steps keep the rate that they were made with. While the rate is constant that is `sgd`; else it is
 * not.
 */
function ownMomentum(rateAt: (epoch: number) => number, nesterov: boolean): Optimizer {
  return {
    name: 'ownMomentum',
    state: ['velocity'],
    scalars: ['rate'],
    writeScalars(scalars, { epoch }) {
      scalars[0] = rateAt(epoch);
    },
    update(weight, gradient, [velocity], [rate]) {
      const step = mul(gradient, rate!);
      const next = sub(mul(velocity!, 0.9), step);
      return { parameter: add(weight, nesterov ? sub(mul(next, 0.9), step) : next), state: [next] };
    },
  };
}

/** Its Adam adds epsilon before the correction of the root, not after it: for the gradients of dead units, which are all penalty, that matters. */
function epsilonFirst(learningRate: number): Optimizer {
  return {
    ...adam(),
    writeScalars(scalars, { step }) {
      scalars[0] = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      scalars[1] = 1;
    },
  };
}

function optimizerOf({ rows, batch }: CurveVectors, way: string): Optimizer {
  const learningRate = 0.2;
  const schedule = { name: 'inverse', scale: rows, power: 0.5, per: 'epoch' } as const;
  const inverse = (epoch: number) => learningRate / Math.sqrt(1 + rows * epoch);
  const optimizers: Record<string, Optimizer> = {
    constant: sgd({ learningRate }),
    'constant, momentum': sgd({ learningRate, momentum: 0.9 }),
    'constant, Nesterov': sgd({ learningRate, momentum: 0.9, nesterov: true }),
    inverse: sgd({ learningRate, schedule }),
    'inverse, momentum': ownMomentum(inverse, false),
    'inverse, Nesterov': ownMomentum(inverse, true),
    adam: epsilonFirst(0.01),
  };
  return decayed(optimizers[way]!, ALPHA / batch);
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Every column stretched to 0..1. */
function scaled({ values, rows, columns }: CurveVectors): Float32Array {
  const raw = bytes(values);
  const result = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const own = raw.filter((_, i) => i % columns === column);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    own.forEach((value, row) => {
      result[row * columns + column] = high > low ? (value - low) / (high - low) : 0;
    });
  }
  return result;
}

/** Rows of every epoch, in the order that they are learned from. */
function ordersOf({ orders, rows }: CurveVectors, epochs: number): number[][] {
  const all = orders === null ? null : new Uint16Array(bytes(orders).buffer);
  return Array.from({ length: epochs }, (_, epoch) =>
    Array.from({ length: rows }, (_, i) => (all ? all[epoch * rows + i]! : i)),
  );
}

async function curve(data: CurveVectors, way: string, engine: Engine): Promise<readonly number[]> {
  const { columns, classes, batch } = data;
  const inputs = scaled(data);
  const labels = [...data.labels].map(Number);
  const epochs = data.curves[way]!.length;
  const orders = ordersOf(data, epochs);
  using model = await mlp({
    inputs: columns,
    layers: [dense(100, 'relu'), dense(classes)],
    loss: 'softmaxCrossEntropy',
    engine,
  });
  model.setParameters(
    Object.fromEntries(
      Object.entries(data.weights).map(([name, base64]) => [name, new Float32Array(bytes(base64).buffer)]),
    ),
  );
  function* batches() {
    const order = orders.shift()!;
    for (let first = 0; first < order.length; first += batch) {
      const rows = order.slice(first, first + batch);
      const taken = rows.flatMap((row) => [...inputs.subarray(row * columns, (row + 1) * columns)]);
      yield { inputs: Float32Array.from(taken), labels: rows.map((row) => labels[row]!) };
    }
  }
  const optimizer = optimizerOf(data, way);
  return (await model.fit(batches, { epochs, batchSize: batch, optimizer })).loss;
}

describe.each(engines)('on the $build build', ({ engine }) => {
  describe.each(['iris', 'digits'] as const)('%s', (name) => {
    const data = curveVectors[name];

    it.each(Object.keys(data.curves))('%s', async (way) => {
      const expected = data.curves[way]!;
      const actual = await curve(data, way, engine);
      expect(actual).toHaveLength(expected.length);
      const distances = actual.map((loss, epoch) => Math.abs(loss - expected[epoch]!));
      expect(Math.max(...distances)).toBeLessThanOrEqual(BOUND);
    });
  });
});
