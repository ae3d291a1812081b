/** What a model file says about its data is believed only where it fits the network. */
import { describe, expect, it } from 'vitest';
import { DATA_KEY, readModelData } from '../../src/cli/model-data.js';
import { FormatError } from '../../src/errors.js';
import { dense, type Model, mlp } from '../../src/index.js';

const IMAGES = { kind: 'images', shape: [2, 3], classes: ['3', '7'] };
const TABLE = {
  kind: 'table',
  preprocessor: {
    refuseMissing: false,
    features: [{ kind: 'categorical', name: 'colour', missing: true, categories: ['a', 'b', 'c', 'd', 'e'] }],
    target: { kind: 'classes', name: 'side', classes: ['left', 'right'] },
    dropped: [],
  },
};

/** A network of 6 inputs and 2 outputs, with this as its data. */
async function withData(
  data: unknown,
  loss: 'softmaxCrossEntropy' | 'meanSquaredError' = 'softmaxCrossEntropy',
): Promise<Model> {
  const model = await mlp({ inputs: 6, layers: [dense(2)], loss });
  if (data !== undefined) model.metadata[DATA_KEY] = typeof data === 'string' ? data : JSON.stringify(data);
  return model;
}

describe('model data', () => {
  it.each([IMAGES, TABLE])('comes back as it went', async (data) => {
    expect(readModelData(await withData(data))).toEqual(data);
  });

  it.each([
    ['nothing', undefined, 'found one that says nothing about its data'],
    ['no JSON', '{', "expected JSON in metadata 'data'"],
    ['no object', '[]', 'data: expected an object, found Array of length 0'],
    ['another kind', { kind: 'sound' }, 'data.kind: expected one of table, images, found "sound"'],
    ['no shape', { ...IMAGES, shape: [] }, 'data.shape: expected at least 1 items'],
    ['sizes that are none', { ...IMAGES, shape: [-2, -3] }, 'data.shape[0]: expected a size of 1 or more'],
    ['one class', { ...IMAGES, classes: ['3'] }, 'data.classes: expected at least 2 items'],
    ['a wrong preprocessor', { ...TABLE, preprocessor: {} }, 'preprocessor.features: expected an array'],
    [
      'larger images',
      { ...IMAGES, shape: [3, 3] },
      'for a network of 6 inputs, 2 outputs and softmaxCrossEntropy, got data of 9 inputs',
    ],
    ['more classes', { ...IMAGES, classes: ['1', '2', '3'] }, 'got data of 6 inputs, 3 outputs'],
  ])('is refused: %s', async (_what, data, message) => {
    const model = await withData(data);
    expect(() => readModelData(model)).toThrow(FormatError);
    expect(() => readModelData(model)).toThrow(message);
  });

  it('is refused where the loss learns something else', async () => {
    const model = await withData(IMAGES, 'meanSquaredError');
    expect(() => readModelData(model)).toThrow(
      '2 outputs and meanSquaredError, got data of 6 inputs, 2 outputs and softmax',
    );
  });
});
