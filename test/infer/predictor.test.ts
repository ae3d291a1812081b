/** `wasmlp/infer` against the models whose files it reads: the same bits for every row of every table, on every build. */

import { afterAll, describe, expect, it } from 'vitest';
import {
  type Activation,
  type ActivationName,
  batchNormalization,
  createEngine,
  dense,
  dropout,
  gaussianNoise,
  glu,
  type Layer,
  type LossName,
  layerNormalization,
  type Model,
  maxout,
  mlp,
  pairProducts,
  polynomial,
  powerProducts,
  rbf,
} from 'wasmlp';
import { createEngine as createPredictorsEngine, FormatError, loadPredictor } from 'wasmlp/infer';
import { activations } from '../../src/nn/activations.js';
import { fetchKinds, layerKinds } from '../../src/nn/layers/table.js';
import { allLosses } from '../../src/nn/losses/all.js';
import { drawn, normal } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';

/** More than one instruction. */
const OUT_OF_REACH: readonly ActivationName[] = ['logSoftmax'];
const INPUTS = 11;
const layersOf = (activation: Activation, outputs = 3) => [
  dense(30, activation, { biasInitializer: { normal: 0.5 } }),
  dropout(0.3),
  gaussianNoise(0.1),
  dense(7, activation, { bias: false }),
  dense(outputs, 'identity', { biasInitializer: { normal: 0.5 } }),
];
const otherLayers: readonly Layer[] = [
  maxout(3, 2),
  glu(3),
  pairProducts(),
  powerProducts(3),
  polynomial(2),
  rbf(3),
  batchNormalization(),
  layerNormalization(),
];
const rowsOf = (rows: number, columns = INPUTS) => drawn(`rows ${rows}`, rows * columns, normal);

describe.each(engines)('build $build', ({ build, engine }) => {
  const reproducible = build === 'plain';
  const made = (activation: Activation, loss: LossName): Promise<Model> =>
    mlp({ inputs: INPUTS, layers: layersOf(activation, loss === 'gaussian' ? 4 : 3), loss, seed: 3, engine });

  const names = (Object.keys(activations) as ActivationName[]).filter((name) => !OUT_OF_REACH.includes(name));
  const described: Activation[] = [
    { name: 'leakyRelu', slope: 0.3 },
    { name: 'prelu', slope: -0.1 },
    { name: 'sharedPrelu', slope: 0.7 },
    { name: 'randomizedLeakyRelu', lower: 0.1, upper: 0.7 },
    { name: 'elu', alpha: 1.7 },
  ];
  const pairs: [Activation, LossName][] = [
    ...[...names, ...described].map((name): [Activation, LossName] => [name, 'softmaxCrossEntropy']),
    ...(Object.keys(allLosses) as LossName[]).map((loss): [Activation, LossName] => ['relu', loss]),
  ];
  it.each(pairs)('%j with %s: predictions have the same bits', async (activation, loss) => {
    using model = await made(activation, loss);
    const bytes = await model.save();
    using predictor = await loadPredictor(bytes, { engine });
    // on a machine that has no more than predictions need
    using alone = await loadPredictor(bytes, { reproducible });
    for (const rows of [1, 2, 5, 64, 300]) {
      const inputs = rowsOf(rows);
      const expected = bits(model.predict(inputs));
      expect(bits(predictor.predict(inputs)), `${rows} rows`).toEqual(expected);
      expect(bits(alone.predict(inputs)), `${rows} rows, alone`).toEqual(expected);
    }
  });

  it('a kind of layer that it has not been tried with is refused by name', async () => {
    const tried = new Set<string>(layersOf('relu').map(({ kind }) => kind));
    await fetchKinds();
    const others = Object.keys(layerKinds).filter((kind) => !tried.has(kind));
    const refused: string[] = [];
    for (const layer of otherLayers) {
      using model = await mlp({
        inputs: INPUTS,
        layers: [layer, dense(1)],
        loss: 'meanSquaredError',
        engine,
      });
      const message = `layers[0].kind: expected one of dense, dropout, gaussianNoise (others: in wasmlp), got "${layer.kind}"`;
      await expect(loadPredictor(await model.save(), { engine })).rejects.toThrow(message);
      refused.push(layer.kind);
    }
    expect(refused.sort()).toEqual(others.sort());
  });

  it.each(OUT_OF_REACH)('%s is refused by name', async (activation) => {
    using model = await made(activation, 'softmaxCrossEntropy');
    const refused = expect(loadPredictor(await model.save(), { engine })).rejects;
    await refused.toThrow(FormatError);
    await refused.toThrow(new RegExp(`layers\\[0\\].activation: expected one of .*, got "${activation}"`));
  });

  it('numbers that were learned are those of the file', async () => {
    using model = await made('prelu', 'softmaxCrossEntropy');
    model.setParameters({ 'layers.0.slope': drawn('slopes', 30, normal) });
    using predictor = await loadPredictor(await model.save(), { engine });
    const inputs = rowsOf(9);
    expect(bits(predictor.predict(inputs))).toEqual(bits(model.predict(inputs)));
  });

  it.each(names)('%s: logits are what a loss without links predicts', async (activation) => {
    using model = await made(activation, 'softmaxCrossEntropy');
    using linear = await made(activation, 'meanSquaredError');
    using predictor = await loadPredictor(await model.save(), { engine });
    const inputs = rowsOf(9);
    expect(bits(predictor.logits(inputs))).toEqual(bits(linear.predict(inputs)));
    expect(bits(predictor.predict(inputs))).toEqual(bits(model.predict(inputs)));
  });

  it('takes what a model takes: lists of rows, float64, pixels', async () => {
    using model = await made('tanh', 'softmaxCrossEntropy');
    using predictor = await loadPredictor(await model.save(), { reproducible });
    const pixels = Uint8Array.from({ length: 4 * INPUTS }, (_, i) => (i * 37) % 256);
    const lists = [rowsOf(1), [...rowsOf(1)]];
    for (const inputs of [pixels, new Uint8ClampedArray(pixels), lists, new Float64Array(rowsOf(2))])
      expect(bits(predictor.predict(inputs))).toEqual(bits(model.predict(inputs)));
    // and pixels after numbers, in the same memory
    expect(bits(predictor.predict(rowsOf(4)))).toEqual(bits(model.predict(rowsOf(4))));
    expect(bits(predictor.predict(pixels))).toEqual(bits(model.predict(pixels)));
  });

  it('sums in the same order where products have several blocks of terms and columns', async () => {
    const layers = [dense(530, 'relu'), dense(300, 'sigmoid'), dense(2)];
    using model = await mlp({ inputs: 520, layers, loss: 'sigmoidCrossEntropy', engine });
    using predictor = await loadPredictor(await model.save(), { reproducible });
    for (const rows of [1, 3, 17, 260]) {
      const inputs = rowsOf(rows, 520);
      expect(bits(predictor.predict(inputs)), `${rows} rows`).toEqual(bits(model.predict(inputs)));
    }
  });

  it('writes into an array of the caller, and into no other part of it', async () => {
    using model = await made('relu', 'softmaxCrossEntropy');
    using predictor = await loadPredictor(await model.save(), { engine });
    const room = new Float32Array(4 * 3 + 2).fill(-1);
    const into = room.subarray(1, -1);
    expect(predictor.predict(rowsOf(4), into)).toBe(into);
    expect(bits(into)).toEqual(bits(model.predict(rowsOf(4))));
    expect([room[0], room.at(-1)]).toEqual([-1, -1]);
  });

  it('refuses at the door what a model refuses, in the same words', async () => {
    using model = await made('relu', 'softmaxCrossEntropy');
    using predictor = await loadPredictor(await model.save(), { engine });
    const wrong: unknown[] = [
      undefined,
      'rows',
      [],
      [[1, 2]],
      [Array.from({ length: INPUTS }, () => 'x')],
      new Float32Array(INPUTS + 1),
      new Float32Array(0),
      new Uint8Array(INPUTS - 1),
      rowsOf(2).fill(Number.NaN, 15, 16),
      rowsOf(2).fill(Infinity, 21),
    ];
    for (const inputs of wrong) {
      const refusal = thrown(() => model.predict(inputs as Float32Array));
      for (const ask of ['predict', 'logits'] as const)
        expect(thrown(() => predictor[ask](inputs as Float32Array))).toEqual(refusal);
    }
    expect(() => predictor.predict(rowsOf(2), [] as unknown as Float32Array)).toThrow(TypeError);
    expect(() => predictor.predict(rowsOf(2), new Float32Array(7))).toThrow(
      /into: expected room for 2 x 3 numbers/,
    );
    // and works on
    expect(bits(predictor.predict(rowsOf(2)))).toEqual(bits(model.predict(rowsOf(2))));
  });

  it('keeps what travels in the file, and gives its memory back', async () => {
    using model = await made('relu', 'softmaxCrossEntropy');
    model.metadata.classes = 'a,b,c';
    const bytes = await model.save();
    const sizes: number[] = [];
    for (let i = 0; i < 40; i++) {
      using predictor = await loadPredictor(bytes.buffer, { engine });
      expect(predictor.metadata).toEqual({ classes: 'a,b,c' });
      expect([predictor.inputs, predictor.outputs]).toEqual([INPUTS, 3]);
      predictor.predict(rowsOf(300));
      sizes.push(engine.memory.buffer.byteLength);
    }
    expect(sizes.at(-1)).toBe(sizes[0]);
  });
});

describe('threads', () => {
  it('have the same bits as one, for few rows and for many', async () => {
    using one = await createEngine({ reproducible: true });
    const layers = [dense(300, 'tanh'), dense(200, 'relu'), dense(4)];
    using model = await mlp({ inputs: 40, layers, loss: 'softmaxCrossEntropy', engine: one });
    using predictor = await loadPredictor(await model.save(), { threads: 2, reproducible: true });
    for (const rows of [1, 7, 256, 700])
      expect(bits(predictor.predict(rowsOf(rows, 40)))).toEqual(bits(model.predict(rowsOf(rows, 40))));
    // what one of them refuses, all leave alone, and go on
    for (const [rows, place] of [
      [256, 0],
      [256, 256 * 40 - 1],
      [700, 699 * 40],
    ] as const) {
      const inputs = rowsOf(rows, 40);
      const good = inputs[place]!;
      inputs[place] = Number.NaN;
      const refusal = `inputs[${Math.floor(place / 40)}][${place % 40}]: expected a finite number`;
      expect(() => predictor.predict(inputs)).toThrow(refusal);
      inputs[place] = good;
      expect(bits(predictor.predict(inputs))).toEqual(bits(model.predict(inputs)));
    }
  });
});

describe('a predictor', () => {
  it('has an engine of its own unless it is given one, and ends it', async () => {
    using model = await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
    const bytes = await model.save();
    const own = await loadPredictor(bytes, { reproducible: true });
    expect(own.engine.info.build).toBe('plain');
    own.dispose();
    own.dispose();
    expect(own.engine.isDisposed).toBe(true);
    expect(() => own.predict([[1, 2]])).toThrow('predictor: expected a living predictor');
    const shared = await loadPredictor(bytes, { engine: model.engine });
    shared.dispose();
    expect(model.predict([[1, 2]])).toHaveLength(2);
  });

  it('has an engine that trains nothing, unless more is asked of it', async () => {
    using model = await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
    const bytes = await model.save();
    using own = await loadPredictor(bytes);
    using another = await loadPredictor(bytes, { engine: own.engine });
    expect(bits(another.predict([[1, 2]]))).toEqual(bits(own.predict([[1, 2]])));
    const layers = [dense(2)];
    const training = mlp({ inputs: 2, layers, loss: 'meanSquaredError', engine: own.engine });
    await expect(training).rejects.toThrow(/options.engine: expected what createEngine resolves to/);
    using engine = await createPredictorsEngine();
    using trained = await mlp({ inputs: 2, layers, loss: 'meanSquaredError', engine });
    expect(trained.engine).toBe(engine);
  });

  it('refuses options and sources that are none', async () => {
    using model = await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
    const bytes = await model.save();
    const refused = (options: unknown) =>
      expect(loadPredictor(bytes, options as { threads: number })).rejects;
    await refused(null).toThrow(TypeError);
    await refused({ thread: 2 }).toThrow(/options.thread: expected one of threads/);
    await refused({ threads: 0 }).toThrow(RangeError);
    await refused({ engine: {} }).toThrow(TypeError);
    await refused({ engine: model.engine, threads: 2 }).toThrow(/options.threads/);
    await expect(loadPredictor('')).rejects.toThrow(RangeError);
    await expect(loadPredictor(7 as unknown as string)).rejects.toThrow(TypeError);
  });
});

afterAll(() => {
  for (const { engine } of engines) engine.dispose();
});

/** Floats as the words they are: NaN is equal to itself, -0 is not 0. */
function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.slice().buffer);
}

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}
