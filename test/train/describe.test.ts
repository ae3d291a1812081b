/** What `describe` says of a step of training: the plan as a person reads it, held to the facts that make it fast. */
import { describe, expect, it } from 'vitest';
import { adam, dense, type Model, mlp, sgd } from 'wasmlp';

const layers = [dense(256, 'relu'), dense(128, 'relu'), dense(10)];
const model: Model = await mlp({ inputs: 784, layers, loss: 'softmaxCrossEntropy' });
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });

/** Instructions of a step: what they are, and what they do. */
function instructions(text: string): { name: string; work: string; flop: number; bytes: number }[] {
  const lines = text.matchAll(/^ *\d+ {2}([A-Z]+) +(.+?) {2,}(\d+) +(\d+)$/gm);
  return [...lines].map(([, name, work, flop, bytes]) => ({
    name: name!,
    work: work!,
    flop: Number(flop),
    bytes: Number(bytes),
  }));
}

const step = instructions(await model.describe({ batchSize: 128, optimizer }));

describe('a step of 784-256-128-10', () => {
  const works = (name: string) => step.filter((item) => item.name === name).map(({ work }) => work);

  it('adds the bias and bends in the product that feeds them', () => {
    expect(works('GEMM').slice(0, 3)).toEqual([
      '[ROWS x 256] = inputs[ROWS x 784] · layers.0.weight[784 x 256] + layers.0.bias[1 x 256] then relu',
      '[ROWS x 128] = [ROWS x 256] · layers.1.weight[256 x 128] + layers.1.bias[1 x 128] then relu',
      '[ROWS x 10] = [ROWS x 128] · layers.2.weight[128 x 10] + layers.2.bias[1 x 10]',
    ]);
  });

  it('multiplies by the derivative of the activation in the product that comes back', () => {
    const back = works('GEMM').filter((work) => work.includes('ᵀ then '));
    expect(back).toEqual([
      '[ROWS x 128] = [ROWS x 10] · layers.2.weight[128 x 10]ᵀ then step, mul',
      '[ROWS x 256] = [ROWS x 128] · layers.1.weight[256 x 128]ᵀ then step, mul',
    ]);
  });

  it('has no gradient of the inputs: two products a layer that is not the first, and no more', () => {
    expect(works('GEMM')).toHaveLength(8);
    expect(works('GEMM').filter((work) => /\[ROWS x 784\] =/.test(work))).toEqual([]);
    const products = step.filter(({ name }) => name === 'GEMM');
    const flop = products.reduce((total, product) => total + product.flop, 0);
    // a multiplication and an addition count 2; what products do besides is less than one percent
    const least = 2 * 128 * (2 * 784 * 256 + 3 * 256 * 128 + 3 * 128 * 10);
    expect(flop / least).toBeGreaterThanOrEqual(1);
    expect(flop / least).toBeLessThan(1.01);
  });

  it('shares the exponentials of softmax and loss, and checks the loss before anything is overwritten', () => {
    expect(works('SOFTMAX')).toEqual(['softmax, classCrossEntropy of [ROWS x 10]']);
    const names = step.map(({ name }) => name);
    expect(names.filter((name) => name === 'CHECK')).toHaveLength(1);
    expect(names.indexOf('CHECK')).toBeLessThan(names.length - 1);
  });

  it('updates weights in the products that give their gradients, biases after the sums that give theirs, all after the check', () => {
    const updates = step.filter(({ work }) => work.includes('neg_mul_add'));
    expect(updates.map(({ name, work }) => `${name} ${work.match(/\[[^\]]+\]/)![0]}`)).toEqual([
      'GEMM [784 x 256]',
      'MAP [256]',
      'GEMM [256 x 128]',
      'MAP [128]',
      'GEMM [128 x 10]',
      'MAP [10]',
    ]);
    const check = step.findIndex(({ name }) => name === 'CHECK');
    for (const update of updates) expect(step.indexOf(update)).toBeGreaterThan(check);
  });

  it('counts the bytes of a product once where the epilogue overwrites it, and of an update those of parameter and state too', () => {
    const bytesOf = (work: string) => step.find((item) => item.work.startsWith(work))!.bytes;
    expect(bytesOf('[ROWS x 256] = inputs')).toBe(4 * 128 * 256);
    expect(bytesOf('[784 x 256] = inputs')).toBe(3 * 4 * 784 * 256);
  });

  it('updates small parameters in one pass, which comes last', async () => {
    using small = await mlp({
      inputs: 2,
      layers: [dense(16, 'relu'), dense(2)],
      loss: 'softmaxCrossEntropy',
    });
    const last = instructions(await small.describe({ batchSize: 4, optimizer })).at(-1)!;
    expect(last).toMatchObject({ name: 'MAP', work: '[82], [82] = mul_add, neg_mul_add' });
  });
});

describe('the options', () => {
  const updateOf = (text: string) => instructions(text).at(-1)!.work;

  it('show: what the optimizer keeps, and how many rows a batch has', async () => {
    const one = await model.describe({ optimizer: sgd({ learningRate: 0.1 }) });
    expect(
      updateOf(one)
        .split(' = ')[0]!
        .match(/\[\d+\]/g),
    ).toHaveLength(1);
    expect(
      updateOf(await model.describe({ optimizer }))
        .split(' = ')[0]!
        .match(/\[\d+\]/g),
    ).toHaveLength(2);
    expect(
      updateOf(await model.describe({ optimizer: adam() }))
        .split(' = ')[0]!
        .match(/\[\d+\]/g),
    ).toHaveLength(3);
    expect(await model.describe({ batchSize: 7 })).toMatch(/ for 7 rows\n?$/);
    expect(await model.describe({ batchSize: 128 })).toMatch(/ for 128 rows\n?$/);
  });

  it('left out, show a prediction: three products and a softmax, nothing kept', async () => {
    const names = instructions(await model.describe()).map(({ name }) => name);
    expect(names).toEqual(['GEMM', 'GEMM', 'GEMM', 'SOFTMAX']);
  });
});
