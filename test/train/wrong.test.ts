/** The doors of a model, tried with wrong values and wrong data: each is refused by name and place, and the model is what it was. */
import { afterAll, describe, expect, it } from 'vitest';
import { dense, type FitOptions, load, type Model, mlp } from 'wasmlp';
import { xor } from '../support/problems.js';
import { type Argument, expectRefusals } from '../support/wrong.js';

const { inputs, labels } = xor;

const layers = [dense(3, 'tanh'), dense(2)];
const model: Model = await mlp({ inputs: 2, layers, loss: 'softmaxCrossEntropy' });
const regression: Model = await mlp({ inputs: 2, layers, loss: 'meanSquaredError' });
const yesOrNo: Model = await mlp({ inputs: 2, layers, loss: 'sigmoidCrossEntropy' });
const before = model.getParameters();

/** A short run of a copy, so that what is right may learn. */
async function train(rows: unknown, targets: unknown, options?: unknown): Promise<void> {
  using copy = await load(await model.save());
  await copy.fit(rows as never, targets as never, options as never);
}

const trainWith = (options: FitOptions) => train(inputs, labels, { epochs: 1, ...options });

const doors: readonly Argument[] = [
  // a function is a source of batches, which come with their labels
  { name: 'inputs', use: (value) => train(value, typeof value === 'function' ? undefined : labels) },
  { name: 'labels', use: (value) => train(inputs, value) },
  { name: 'options', use: (value) => train(inputs, labels, value), fine: ['undefined', 'an object'] },
  { name: 'options.epochs', use: (epochs) => trainWith({ epochs }), fine: ['undefined'] },
  { name: 'options.batchSize', use: (batchSize) => trainWith({ batchSize }), fine: ['undefined'] },
  { name: 'options.shuffle', use: (shuffle) => trainWith({ shuffle }), fine: ['undefined', 'a truth value'] },
  {
    name: 'options.accuracy',
    use: (accuracy) => trainWith({ accuracy }),
    fine: ['undefined', 'a truth value'],
  },
  { name: 'options.optimizer', use: (optimizer) => trainWith({ optimizer }), fine: ['undefined'] },
  { name: 'options.validation', use: (validation) => trainWith({ validation }), fine: ['undefined'] },
  {
    name: 'options.validation.inputs',
    use: (value) => trainWith({ validation: { inputs: value, labels: [0] } }),
  },
  { name: 'options.validation.labels', use: (value) => trainWith({ validation: { inputs, labels: value } }) },
  {
    name: 'options.validationSplit',
    use: (validationSplit) => trainWith({ validationSplit }),
    fine: ['undefined', '0.5'],
  },
  { name: 'options.onEpoch', use: (onEpoch) => trainWith({ onEpoch }), fine: ['undefined', 'a function'] },
  { name: 'options.signal', use: (signal) => trainWith({ signal }), fine: ['undefined'] },

  { name: 'inputs', use: (value) => model.predict(value) },
  { name: 'inputs', use: (value) => model.evaluate(value, labels) },
  { name: 'labels', use: (value) => model.evaluate(inputs, value) },
  { name: 'inputs', use: (value) => model.gradients(value, labels) },
  { name: 'labels', use: (value) => model.gradients(inputs, value) },
  { name: 'parameters', use: (value) => model.setParameters(value), fine: ['an object'] },
  {
    name: 'parameters.layers.1.bias',
    use: (value) => model.setParameters({ 'layers.0.bias': [9, 9, 9], 'layers.1.bias': value }),
  },
  {
    name: 'parameters.layers.1.bias[1]',
    use: (value) => model.setParameters({ 'layers.0.bias': [9, 9, 9], 'layers.1.bias': [0, value] }),
    fine: ['-1', '0.5'],
  },
  { name: 'options', use: (options) => model.describe(options), fine: ['undefined', 'an object'] },
  {
    name: 'options.batchSize',
    use: (batchSize) => model.describe({ batchSize }),
    fine: ['undefined'],
  },
  {
    name: 'options.optimizer',
    use: (optimizer) => model.describe({ optimizer }),
    fine: ['undefined'],
  },
  {
    // "x" is the name of a file
    name: 'source',
    use: (value) => (value === 'x' ? undefined : load(value)),
    fine: ['a string'],
  },
  {
    name: 'path',
    use: (value) => (value === 'x' ? undefined : model.save(value)),
    fine: ['undefined', 'a string'],
  },
  {
    name: 'options',
    use: async (value) => (await load(await model.save(), value)).dispose(),
    fine: ['undefined', 'an object'],
  },
  {
    name: 'options.engine',
    use: async (engine) => (await load(await model.save(), { engine })).dispose(),
    fine: ['undefined'],
  },
];

describe('wrong values are refused by name', () => {
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', async (door) => {
    await expectRefusals(door);
    if (!door.name.startsWith('parameters.layers.1.bias[')) expect(model.getParameters()).toEqual(before);
    model.setParameters(before);
  });
});

const odd: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    'values that are no rows',
    () => model.predict(Float32Array.of(1, 2, 3)),
    /inputs: expected rows of 2 numbers/,
  ],
  ['no values', () => model.predict(new Float32Array(0)), /inputs: expected rows of 2 numbers, at least one/],
  [
    'pixels that are no rows',
    () => model.predict(Uint8Array.of(1, 2, 3)),
    /inputs: expected rows of 2 numbers/,
  ],
  [
    'a ragged row',
    () => model.predict([[1, 2], [3]]),
    /inputs\[1\]: expected a row of 2 numbers, got Array of length 1/,
  ],
  [
    'a number for a row',
    () => model.predict([[1, 2], 3 as never]),
    /inputs\[1\]: expected a row of 2 numbers, got 3/,
  ],
  [
    'a word among the numbers',
    () => model.predict([[1, 'b' as never]]),
    /inputs\[0\]\[1\]: expected a number, got "b"/,
  ],
  ['a missing row', () => model.predict([[1, 2], undefined as never, [3, 4]]), /inputs\[1\].*undefined/],
  ['a hole among the rows', () => model.predict(holed([1, 2])), /inputs\[1\].*undefined/],
  [
    'a hole among the labels',
    () => model.evaluate(inputs, [...labels.slice(0, 2), ...holed(1)]),
    /labels\[3\].*undefined/,
  ],
  [
    'NaN',
    () =>
      model.predict([
        [0, 0],
        [0, Number.NaN],
      ]),
    /inputs\[1\]\[1\]: expected a finite number, got NaN/,
  ],
  [
    'NaN in a typed array',
    () => model.predict(Float32Array.of(1, 2, Number.NaN, 3)),
    /inputs\[1\]\[0\].*NaN/,
  ],
  ['infinity', () => model.evaluate(Float64Array.of(1, -Infinity), [0]), /inputs\[0\]\[1\].*-Infinity/],
  ['a number beyond 32 bits', () => model.predict([[1e300, 0]]), /inputs\[0\]\[0\]/],
  ['big integers', () => model.predict(new BigInt64Array(2) as never), /inputs: expected a typed array/],
  ['a view without numbers', () => model.predict(new DataView(new ArrayBuffer(8)) as never), /inputs/],
  [
    'a label too few',
    () => model.evaluate(inputs, [0, 1, 1]),
    /labels: expected 4 class numbers or 4 x 2 numbers.*length 3/,
  ],
  [
    'a class too many',
    () => model.evaluate(inputs, [0, 1, 2, 0]),
    /labels\[2\]: expected a class number from 0 to 1, got 2/,
  ],
  [
    'the name of a class',
    () => model.evaluate(inputs, ['no', 'yes', 'yes', 'no'] as never),
    /labels\[0\]: expected a number, got "no"/,
  ],
  ['a negative class', () => model.evaluate(inputs, [0, 1, -1, 0]), /labels\[2\].*-1/],
  ['half a class', () => model.evaluate(inputs, [0, 0.5, 1, 0]), /labels\[1\].*0\.5/],
  ['a class that is NaN', () => model.evaluate(inputs, [Number.NaN, 0, 1, 0]), /labels\[0\].*NaN/],
  [
    'a distribution that sums to 1.2',
    () => model.evaluate([[0, 0]], [[0.6, 0.6]]),
    /labels\[0\]: expected probabilities that sum to 1/,
  ],
  [
    'a negative probability',
    () => model.evaluate([[0, 0]], [[1.5, -0.5]]),
    /labels\[0\]\[0\].*from 0 to 1, got 1\.5/,
  ],
  ['half of a target', () => yesOrNo.evaluate([[0, 0]], [[1, 2]]), /labels\[0\]\[1\].*from 0 to 1, got 2/],
  ['classes for a regression', () => regression.evaluate(inputs, labels), /labels: expected 4 x 2 numbers/],
  ['a target that is NaN', () => regression.gradients([[0, 0]], [[0, Number.NaN]]), /labels\[0\]\[1\].*NaN/],
  [
    'an unknown parameter',
    () => model.setParameters({ 'layers.7.bias': [1] }),
    /parameters\.layers\.7\.bias: expected one of layers\.0\.weight/,
  ],
  [
    'a parameter too short',
    () => model.setParameters({ 'layers.0.bias': [1] }),
    /layers\.0\.bias: expected 3 numbers/,
  ],
  [
    'both kinds of validation',
    () => trainWith({ validation: { inputs, labels }, validationSplit: 0.5 }),
    /options\.validationSplit/,
  ],
  [
    'a split that leaves nothing',
    () => trainWith({ validationSplit: 0.01 }),
    /options\.validationSplit.*both sides of 4/,
  ],
  [
    'validation of other columns',
    () => trainWith({ validation: { inputs: Float32Array.of(1, 2, 3), labels: [0] } }),
    /options\.validation\.inputs/,
  ],
  [
    'an option of fit that changes no program',
    () => model.describe({ epochs: 3 } as never),
    /options\.epochs: expected one of batchSize, optimizer/,
  ],
  ['numbers for a model', () => load([1, 2] as never), /source: expected a file name or bytes, got Array/],
  ['floats for a model', () => load(new Float32Array(64) as never), /source: expected .*, got Float32Array/],
  [
    'a view for a model',
    () => load(new DataView(new ArrayBuffer(64)) as never),
    /source: expected .* DataView/,
  ],
  [
    'a misspelt option of load',
    async () => load(await model.save(), { engines: 1 } as never),
    /options\.engines: expected one of engine/,
  ],
  [
    'another word for all rows',
    () => trainWith({ batchSize: 'full' } as never),
    /options\.batchSize: expected an integer or 'all', got "full"/,
  ],
  [
    'a misspelt option',
    () => trainWith({ batchsize: 3 } as never),
    /options\.batchsize: expected one of epochs, batchSize/,
  ],
];

/** Three items, the middle one missing. */
function holed<T>(item: T): T[] {
  const items = [item, item, item];
  delete items[1];
  return items;
}

describe('wrong data are refused with row and column', () => {
  it.each(odd)('%s', async (_what, call, message) => {
    const attempt = (async () => call())();
    await expect(attempt).rejects.toThrow(message);
    const error = await attempt.catch((reason) => reason);
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    expect(model.getParameters()).toEqual(before);
  });
});

afterAll(() => {
  for (const one of [model, regression, yesOrNo]) one.dispose();
});
