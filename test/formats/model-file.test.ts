/** Model files: what travels, bit for bit, and everything that a damaged or lying file can do, which is to be refused. */
import { describe, expect, it } from 'vitest';
import { type DenseLayer, dense, dropout, FormatError, load, type Model, mlp } from 'wasmlp';
import { decodeModel } from '../../src/formats/model-file.js';
import { readSafetensors, type Tensor, writeSafetensors } from '../../src/formats/safetensors.js';
import { engines } from '../support/public-engines.js';

const inputs = Float32Array.of(0.5, -1, 2, 0.25);

const model: Model = await mlp({
  inputs: 2,
  layers: [
    dense(3, 'leakyRelu', { bias: false, weightInitializer: { normal: 0.5 } }),
    dropout(0.25),
    dense(2, 'tanh', { biasInitializer: { constant: 0.1 } }),
    dense(2),
  ],
  loss: 'softmaxCrossEntropy',
  seed: 4_000_000_000,
});
model.metadata.columns = '["größe", "Länge"]';
model.metadata['a key'] = '';
const bytes = await model.save();

/** A file of the same model with its parts exchanged. */
function rebuilt(parts: {
  tensors?: (tensors: Record<string, Tensor>) => Record<string, Tensor>;
  architecture?: unknown;
  version?: unknown;
  description?: string;
}): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const { version, architecture } = JSON.parse(metadata.wasmlp!);
  const described = { version: parts.version ?? version, architecture: parts.architecture ?? architecture };
  return writeSafetensors((parts.tensors ?? ((same) => same))(tensors), {
    ...metadata,
    wasmlp: parts.description ?? JSON.stringify(described),
  });
}

const { architecture } = model;
const [first, ...rest] = architecture.layers as [DenseLayer, ...DenseLayer[]];

describe.each(engines)('on the $build build', ({ engine }) => {
  it('a model comes back bit for bit', async () => {
    using copy = await load(bytes, { engine });
    expect(copy.engine).toBe(engine);
    expect(copy.architecture).toEqual(architecture);
    expect(copy.getParameters()).toEqual(model.getParameters());
    expect(copy.metadata).toEqual({ columns: '["größe", "Länge"]', 'a key': '' });
    expect(await copy.save()).toEqual(bytes);
    using again = await load(bytes.buffer, { engine });
    expect(again.predict(inputs)).toEqual(copy.predict(inputs));
  });

  it('a model is saved as it was when it was asked to be', async () => {
    using copy = await load(bytes, { engine });
    const saving = copy.save();
    copy.setParameters({ 'layers.3.bias': [7, 8] });
    copy.metadata.columns = 'others';
    expect(await saving).toEqual(bytes);
  });

  it('a trained copy goes on as the original would', async () => {
    const options = { epochs: 5, batchSize: 1 };
    using one = await load(bytes, { engine });
    using other = await load(bytes, { engine });
    await one.fit(inputs, [0, 1], options);
    await other.fit(inputs, [0, 1], options);
    expect(one.getParameters()).toEqual(other.getParameters());
    expect(one.getParameters()).not.toEqual(model.getParameters());
    expect(await one.save()).not.toEqual(bytes);
  });
});

describe('a file', () => {
  it('has tensors that other readers understand', () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const shapes = Object.entries(tensors).map(([name, { shape }]) => [name, shape]);
    expect(shapes).toEqual([
      ['layers.0.weight', [2, 3]],
      ['layers.2.weight', [3, 2]],
      ['layers.2.bias', [2]],
      ['layers.3.weight', [2, 2]],
      ['layers.3.bias', [2]],
    ]);
    expect(tensors['layers.0.weight']!.values).toEqual(model.getParameters()['layers.0.weight']);
    expect(JSON.parse(metadata.wasmlp!)).toEqual({ version: 1, architecture });
  });

  it('cut anywhere is refused', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeModel(bytes.slice(0, length)), `${length} bytes`).toThrow(FormatError);
    expect(() => decodeModel(Uint8Array.of(...bytes, 0))).toThrow(FormatError);
  });

  it('with any byte changed is read or refused, and costs no memory', () => {
    let read = 0;
    let refused = 0;
    for (let place = 0; place < bytes.length; place++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[place]! ^= flip;
        try {
          const { parameters } = decodeModel(changed);
          const values = Object.values(parameters);
          expect(values.every((numbers) => numbers.every(Number.isFinite))).toBe(true);
          expect(values.reduce((sum, numbers) => sum + numbers.byteLength, 0)).toBeLessThan(bytes.length);
          read++;
        } catch (error) {
          expect(error, `byte ${place} ^ ${flip}: ${error}`).toBeInstanceOf(FormatError);
          refused++;
        }
      }
    }
    expect(read).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(read);
  });

  const lies: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no architecture', writeSafetensors({}, {}), /metadata 'wasmlp'/],
    ['an architecture that is no JSON', rebuilt({ description: '{"version": 1' }), /architecture/],
    ['an architecture that is null', rebuilt({ description: 'null' }), /architecture/],
    ['no description of it', rebuilt({ description: '{"version": 1}' }), /architecture/],
    ['another version', rebuilt({ version: 2 }), /version: expected 1, got 2/],
    [
      'units beyond all bounds',
      rebuilt({ architecture: { ...architecture, layers: [{ ...first, units: 1e15 }, ...rest] } }),
      /units/,
    ],
    [
      'huge units',
      rebuilt({
        architecture: { ...architecture, inputs: 2 ** 20, layers: [{ ...first, units: 2 ** 20 }, ...rest] },
      }),
      /'layers\.0\.weight' of shape 1048576 x 1048576, got 2 x 3/,
    ],
    [
      'half a unit',
      rebuilt({ architecture: { ...architecture, layers: [{ ...first, units: 2.5 }, ...rest] } }),
      /units/,
    ],
    [
      'an unknown activation',
      rebuilt({ architecture: { ...architecture, layers: [{ ...first, activation: 'magic' }, ...rest] } }),
      /activation/,
    ],
    [
      'an activation that every object has',
      rebuilt({ architecture: { ...architecture, layers: [{ ...first, activation: 'toString' }, ...rest] } }),
      /activation/,
    ],
    [
      'an unknown layer',
      rebuilt({ architecture: { ...architecture, layers: [{ kind: 'convolution' }, ...rest] } }),
      /layers\[0\]\.kind/,
    ],
    [
      'a layer that is none',
      rebuilt({ architecture: { ...architecture, layers: [null, ...rest] } }),
      /layers\[0\]/,
    ],
    [
      'layers that are no list',
      rebuilt({ architecture: { ...architecture, layers: { length: 1 } } }),
      /layers/,
    ],
    [
      'an initializer that is none',
      rebuilt({
        architecture: {
          ...architecture,
          layers: [{ ...first, weightInitializer: { constant: 'a' } }, ...rest],
        },
      }),
      /constant/,
    ],
    ['an unknown loss', rebuilt({ architecture: { ...architecture, loss: 'regret' } }), /loss/],
    ['a seed that is a word', rebuilt({ architecture: { ...architecture, seed: 'x' } }), /seed/],
    [
      'a layer more than there are tensors',
      rebuilt({ architecture: { ...architecture, layers: [first, dense(3, 'relu'), ...rest] } }),
      /layers\.\d\.\w+/,
    ],
    [
      'a missing tensor',
      rebuilt({ tensors: ({ 'layers.3.bias': _, ...others }) => others }),
      /'layers\.3\.bias' of shape 2, got none/,
    ],
    [
      'an extra tensor',
      rebuilt({ tensors: (same) => ({ ...same, 'layers.4.bias': tensor([2]) }) }),
      /expected only .*got tensor 'layers\.4\.bias'/,
    ],
    [
      'a tensor turned over',
      rebuilt({ tensors: (same) => ({ ...same, 'layers.0.weight': tensor([3, 2]) }) }),
      /shape 2 x 3, got 3 x 2/,
    ],
    [
      'a bias that is a matrix',
      rebuilt({ tensors: (same) => ({ ...same, 'layers.3.bias': tensor([1, 2]) }) }),
      /shape 2, got 1 x 2/,
    ],
    [
      'NaN',
      rebuilt({ tensors: (same) => ({ ...same, 'layers.3.bias': tensor([2], Number.NaN) }) }),
      /finite numbers in tensor 'layers\.3\.bias'/,
    ],
    [
      'infinity',
      rebuilt({ tensors: (same) => ({ ...same, 'layers.3.bias': tensor([2], -Infinity) }) }),
      /finite numbers in tensor/,
    ],
  ];

  it.each(lies)('with %s is refused', async (_what, file, message) => {
    const error = await load(file).catch((reason) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/^model file: /);
    expect(error.message).toMatch(message);
  });

  it('metadata that cannot be written is refused', async () => {
    using copy = await load(bytes);
    copy.metadata.columns = 7 as never;
    await expect(copy.save()).rejects.toThrow(/metadata.*columns.*expected a string, got 7/);
  });
});

function tensor(shape: number[], value = 0): Tensor {
  return { shape, values: new Float32Array(shape.reduce((product, size) => product * size)).fill(value) };
}
