/** The doors of layers, optimizers and networks, tried with wrong values. */
import { describe, expect, it } from 'vitest';
import { adam, dense, dropout, type MlpOptions, mlp, sgd } from 'wasmlp';
import { type Argument, expectRefusals } from '../support/wrong.js';
import { doors as layerDoors } from './layer-doors.js';

async function make(options: MlpOptions): Promise<void> {
  (await mlp(options)).dispose();
}

const right: MlpOptions = { inputs: 2, layers: [dense(3, 'relu'), dense(2)], loss: 'softmaxCrossEntropy' };
const initializer = (value: never) => dense(2, 'relu', { weightInitializer: value });

const doors: readonly Argument[] = [
  ...layerDoors,

  { name: 'options', use: (value) => sgd(value) },
  {
    name: 'options.learningRate',
    use: (learningRate) => sgd({ learningRate }),
    fine: ['0.5', 'a huge number'],
  },
  {
    name: 'options.schedule',
    use: (schedule) => sgd({ learningRate: 1, schedule }),
    fine: ['undefined'],
  },
  {
    name: 'options.momentum',
    use: (momentum) => sgd({ learningRate: 1, momentum }),
    fine: ['undefined', '0.5'],
  },
  {
    name: 'options.nesterov',
    use: (nesterov) => sgd({ learningRate: 1, momentum: 0.9, nesterov }),
    fine: ['undefined', 'a truth value'],
  },
  {
    name: 'options.weightDecay',
    use: (weightDecay) => sgd({ learningRate: 1, weightDecay }),
    fine: ['undefined', '0.5', 'a huge number'],
  },

  { name: 'options', use: (value) => adam(value), fine: ['undefined', 'an object'] },
  {
    name: 'options.learningRate',
    use: (learningRate) => adam({ learningRate }),
    fine: ['undefined', '0.5', 'a huge number'],
  },
  { name: 'options.schedule', use: (schedule) => adam({ schedule }), fine: ['undefined'] },
  { name: 'options.beta1', use: (beta1) => adam({ beta1 }), fine: ['undefined', '0.5'] },
  { name: 'options.beta2', use: (beta2) => adam({ beta2 }), fine: ['undefined', '0.5'] },
  {
    name: 'options.epsilon',
    use: (epsilon) => adam({ epsilon }),
    fine: ['undefined', '0.5', 'a huge number'],
  },
  {
    name: 'options.weightDecay',
    use: (weightDecay) => adam({ weightDecay }),
    fine: ['undefined', '0.5', 'a huge number'],
  },

  { name: 'options', use: (value) => make(value), lacks: 'inputs' },
  { name: 'inputs', use: (inputs) => make({ ...right, inputs }) },
  { name: 'layers', use: (layers) => make({ ...right, layers }) },
  { name: 'layers[0]', use: (layer) => make({ ...right, layers: [layer, dense(2)] }) },
  { name: 'loss', use: (loss) => make({ ...right, loss }) },
  { name: 'seed', use: (seed) => make({ ...right, seed }), fine: ['undefined'] },
  { name: 'options.engine', use: (engine) => make({ ...right, engine }), fine: ['undefined'] },
];

describe('wrong values are refused by name', () => {
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);
});

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    'an option misspelt',
    () => dense(2, 'relu', { biass: true } as never),
    /options\.biass: expected one of bias/,
  ],
  [
    'a rate misspelt',
    () => sgd({ learningrate: 1 } as never),
    /options\.learningrate: expected one of learningRate/,
  ],
  ['no learning rate', () => sgd({} as never), /options\.learningRate: expected a number, got undefined/],
  ['a rate of 0', () => sgd({ learningRate: 0 }), /options\.learningRate: expected more than 0/],
  ['Nesterov without momentum', () => sgd({ learningRate: 1, nesterov: true }), /options\.momentum/],
  [
    'a schedule of no momentum',
    () => sgd({ learningRate: 1, momentumSchedule: 'linear' }),
    /options\.momentum: expected more than 0 with momentumSchedule, got 0/,
  ],
  ['two initializers', () => initializer({ normal: 1, uniform: 1 } as never), /weightInitializer/],
  ['an unknown initializer', () => initializer('he' as never), /one of zeros, heNormal.*"he"/],
  ['a name of every object', () => dense(2, 'constructor' as never), /activation/],
  ['no layers', () => make({ ...right, layers: [] }), /layers: expected a dense layer without activation/],
  [
    'a last layer with activation',
    () => make({ ...right, layers: [dense(2, 'relu')] }),
    /outputs are logits/,
  ],
  ['a last layer of dropout', () => make({ ...right, layers: [dense(2), dropout(0.5)] }), /got "dropout"/],
  [
    'one class',
    () => make({ ...right, layers: [dense(1)] }),
    /at least 2 outputs for softmaxCrossEntropy, got 1/,
  ],
  ['a seed of 33 bits', () => make({ ...right, seed: 2 ** 32 }), /seed/],
  [
    'a layer changed by hand',
    () => make({ ...right, layers: [{ ...dense(3), units: 0 }, dense(2)] }),
    /units: expected an integer from 1/,
  ],
  [
    'more weights than memory',
    () => make({ ...right, inputs: 2 ** 20, layers: [dense(2 ** 20), dense(2)] }),
    /memory: expected room/,
  ],
];

describe('wrong descriptions are refused', () => {
  it.each(refused)('%s', async (_what, call, message) => {
    const attempt = (async () => call())();
    await expect(attempt).rejects.toThrow(message);
    const error = await attempt.catch((reason) => reason);
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
  });
});
