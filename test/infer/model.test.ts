/** What of a file is believed: everything that `load` refuses as well, and parts that inference does not know, by name. */
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { writeSafetensors } from '../../src/formats/safetensors.js';
import { decodeInference } from '../../src/infer/model.js';

const dense = { kind: 'dense', units: 2, activation: 'identity', bias: true };
const good = {
  inputs: 3,
  layers: [{ ...dense, units: 4, activation: 'relu', bias: false }, dense],
  loss: 'meanSquaredError',
};
const tensors = {
  'layers.0.weight': { shape: [3, 4], values: new Float32Array(12).fill(0.5) },
  'layers.1.weight': { shape: [4, 2], values: new Float32Array(8).fill(0.25) },
  'layers.1.bias': { shape: [2], values: new Float32Array(2) },
};
const fileOf = (
  architecture: unknown,
  values: typeof tensors | Record<string, never> = tensors,
  version = 1,
) => writeSafetensors(values, { wasmlp: JSON.stringify({ version, architecture }), kept: 'yes' });

describe('a file', () => {
  it('is read as layers with their numbers', async () => {
    const { layers, prediction, metadata } = await decodeInference(fileOf(good));
    expect(layers.map(({ inputs, units, bias }) => [inputs, units, bias?.length ?? 0])).toEqual([
      [3, 4, 0],
      [4, 2, 2],
    ]);
    expect(layers[0]!.weight).toEqual(tensors['layers.0.weight'].values);
    expect([prediction, metadata]).toEqual(['identity', { kept: 'yes' }]);
  });

  it.each([
    ['no object', 7, /architecture is not one/],
    ['no layers', { ...good, layers: 'many' }, /layers: expected a list/],
    ['no inputs', { ...good, inputs: 0 }, /inputs: expected an integer from 1/],
    ['no layer', { ...good, layers: [null, dense] }, /layers\[0\]: expected a layer/],
    [
      'a kind that inference does not know',
      { ...good, layers: [{ kind: 'gate' }, dense] },
      /layers\[0\].kind: expected one of dense, dropout, gaussianNoise \(others: in wasmlp\), got "gate"/,
    ],
    [
      'an activation that it does not know',
      { ...good, layers: [{ ...dense, activation: 'cosine' }, dense] },
      /layers\[0\].activation: .* got "cosine"/,
    ],
    ['a name that every object has', { ...good, loss: 'toString' }, /loss: expected one of/],
    [
      'units that are none',
      { ...good, layers: [{ ...dense, units: 1.5 }] },
      /layers\[0\].units: expected an integer/,
    ],
    [
      'a bias that is no truth value',
      { ...good, layers: [{ ...dense, bias: 1 }] },
      /layers\[0\].bias: expected true or false/,
    ],
    [
      'an activation after the last products',
      { ...good, layers: [{ ...dense, activation: 'relu' }] },
      /without activation at the end/,
    ],
    [
      'no dense layer at all',
      { ...good, layers: [{ kind: 'dropout', rate: 0.5 }] },
      /without activation at the end/,
    ],
    [
      'shapes that are not the tensors',
      { ...good, inputs: 2 },
      /tensor 'layers.0.weight' of shape 2 x 4, got 3 x 4/,
    ],
    [
      'more tensors than it names',
      { ...good, layers: [dense] },
      /expected only layers.0.weight, layers.0.bias, got/,
    ],
  ])('with %s is refused', async (_what, architecture, message) => {
    const read = decodeInference(fileOf(architecture));
    await expect(read).rejects.toThrow(FormatError);
    await expect(read).rejects.toThrow(message);
  });

  it('of another version, without tensors, without description, with NaN, or cut is refused', async () => {
    const nan = { ...tensors, 'layers.1.bias': { shape: [2], values: Float32Array.of(0, Number.NaN) } };
    const whole = fileOf(good);
    for (const [bytes, message] of [
      [fileOf(good, tensors, 2), /version: expected 1, got 2/],
      [fileOf(good, {}), /expected tensor 'layers.0.weight'/],
      [fileOf(good, nan), /finite numbers in tensor 'layers.1.bias'/],
      [writeSafetensors(tensors, {}), /expected metadata 'wasmlp'/],
      [whole.subarray(0, whole.length - 1), /it is cut/],
    ] as const) {
      await expect(decodeInference(bytes)).rejects.toThrow(FormatError);
      await expect(decodeInference(bytes)).rejects.toThrow(message);
    }
  });
});
