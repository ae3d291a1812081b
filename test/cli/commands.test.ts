/** The five commands on small data, as a user types them. */
import { availableParallelism } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import { applyPreprocessor, checkPreprocessor, decodeTarget, readCsv } from '../../src/data/index.js';
import { load } from '../../src/index.js';
import { blobs, halves, lastJson, plane, useProgram } from './program.js';

const program = useProgram();
const { run, write, read, path } = program;

beforeAll(async () => {
  await write('blobs.csv', blobs(200));
  await write('plane.csv', plane(300));
  const { images, labels } = halves(120);
  await write('images', images);
  await write('labels', labels);
  await run('train', 'blobs.csv', '--out', 'blobs.model');
  await run('train', 'plane.csv', '--out', 'plane.model');
  await run('train', 'images,labels', '--out', 'halves.model');
}, 120_000);

const values = async (csv: string, name: string): Promise<readonly string[]> =>
  readCsv(csv).columns.find((column) => column.name === name)!.values;

describe('train', () => {
  it('ends with one JSON object that says how good it is and how it was made', async () => {
    const { status, stdout } = await run('train', 'blobs.csv', '--epochs', '30', '--json');
    expect(status).toBe(0);
    const json = lastJson(stdout);
    expect(json).toMatchObject({
      epochs: 30,
      steps: 150,
      threads: Math.min(availableParallelism(), 8),
      trainRows: 160,
      testRows: 40,
    });
    expect(json.testAccuracy).toBeGreaterThan(0.9);
    expect(json.testLoss).toBeGreaterThan(0);
    expect(json.testLoss).toBeLessThan(0.3);
    expect(json.trainLoss).toBeLessThan(0.3);
    expect(json.seconds).toBeGreaterThan(0);
    expect(json.samplesPerSecond).toBeGreaterThan(0);
    expect(['plain', 'relaxed']).toContain(json.build);
  });

  it('learns the exclusive or of a table of 24 rows: so few do not drown in weight decay', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => [i & 1, (i >> 1) & 1]);
    const table = rows.map(([a, b]) => `${a},${b},${a === b ? 'same' : 'other'}`);
    await write('xor.csv', ['a,b,y', ...table].join('\n'));
    const { stdout } = await run('train', 'xor.csv', '--json');
    expect(lastJson(stdout)).toMatchObject({ trainAccuracy: 1, testAccuracy: 1 });
  });

  it('tells numbers, in the unit of the data', async () => {
    const { stdout } = await run('train', 'plane.csv', '--json');
    const json = lastJson(stdout);
    expect(json.testR2).toBeGreaterThan(0.97);
    // the noise has deviation 1, the target 22
    expect(json.testRootMeanSquaredError).toBeGreaterThan(0.8);
    expect(json.testRootMeanSquaredError).toBeLessThan(3);
    expect(json).not.toHaveProperty('testAccuracy');
  });

  it('prints a line an epoch and what it decided on standard error, a summary on standard output', async () => {
    const { stdout, stderr } = await run('train', 'blobs.csv', '--epochs', '3');
    expect(stderr).toContain('target side: 2 classes');
    expect(stderr).toContain('left out note: too many different texts');
    expect(stderr.match(/^epoch [123]\/3 {2}loss \S+ {2}accuracy \S+ {2}.* s left$/gm)).toHaveLength(3);
    expect(stderr).toMatch(/^trained in \d\.\d s, [\d,]+ samples\/s$/m);
    expect(stdout).toMatch(/^accuracy \d+\.\d\d % on 40 rows, loss/);
    expect(stdout).toMatch(/│ left +│ +\d+ │ +\d+ │/);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('says the same numbers for the same seed, and others for another', async () => {
    const numbers = async (seed: string) => {
      const { stdout } = await run('train', 'blobs.csv', '--epochs', '5', '--seed', seed, '--json');
      const { trainLoss, testLoss, testAccuracy } = lastJson(stdout);
      return [trainLoss, testLoss, testAccuracy];
    };
    expect(await numbers('7')).toEqual(await numbers('7'));
    expect(await numbers('7')).not.toEqual(await numbers('8'));
  });

  it('builds the network that the options say', async () => {
    const options =
      '--hidden 5,4 --activation tanh --dropout 0.25 --optimizer adam --lr 0.01 --batch 16 --epochs 2';
    const more = '--weight-decay 0.001 --schedule cosine --seed 9 --drop colour --out';
    await run('train', 'blobs.csv', ...options.split(' '), ...more.split(' '), 'small.model');
    const model = await load(path('small.model'));
    expect(model.architecture).toMatchObject({
      inputs: 2,
      seed: 9,
      loss: 'softmaxCrossEntropy',
      layers: [
        { units: 5, activation: 'tanh' },
        { kind: 'dropout', rate: 0.25 },
        { units: 4, activation: 'tanh' },
        { kind: 'dropout', rate: 0.25 },
        { units: 2, activation: 'identity' },
      ],
    });
    expect(JSON.parse(model.metadata.training!)).toMatchObject({
      ...{
        optimizer: 'adam',
        learningRate: 0.01,
        batch: 16,
        epoch: 2,
        weightDecay: 0.001,
        schedule: 'cosine',
      },
    });
  });

  it('learns by the loss that --loss names', async () => {
    const { stdout } = await run('train', 'plane.csv', '--loss', 'huber', '--json');
    expect(lastJson(stdout).testR2).toBeGreaterThan(0.97);
    const margins = await run(
      'train',
      'blobs.csv',
      '--loss',
      'multiclassHinge',
      '--out',
      'hinge.model',
      '--json',
    );
    expect(lastJson(margins.stdout).testAccuracy).toBeGreaterThan(0.9);
    expect((await run('inspect', 'hinge.model')).stdout).toContain('loss multiclassHinge');
    // no probabilities follow from margins
    expect((await run('predict', 'hinge.model', 'blobs.csv')).stdout).toMatch(/^.*,prediction,score$/m);
  });

  it.each([
    ['rprop', 0.01, 'constant'],
    ['nadam', 0.002, 'oneCycle'],
  ])('learns with %s at a rate of its own', async (optimizer, learningRate, schedule) => {
    const options = ['--optimizer', optimizer, ...(optimizer === 'rprop' ? [] : ['--schedule', schedule])];
    const { stdout } = await run('train', 'blobs.csv', ...options, '--json', '--out', 'named.model');
    expect(lastJson(stdout).testAccuracy).toBeGreaterThan(0.9);
    const { metadata } = await load(path('named.model'));
    expect(JSON.parse(metadata.training!)).toMatchObject({ optimizer, learningRate });
  });

  it('stops when patience ends, with the weights of the best epoch', async () => {
    const { stdout, stderr } = await run(
      ...['train', 'blobs.csv', '--patience', '2', '--json', '--out', 'best.model'],
    );
    const { epochs, bestEpoch } = lastJson(stdout);
    expect(epochs).toBe(bestEpoch! + 2);
    expect(stderr).toContain(`; kept epoch ${bestEpoch} of ${epochs}; saved best.model\n`);
    const { metadata } = await load(path('best.model'));
    expect(JSON.parse(metadata.training!).epoch).toBe(bestEpoch);
  });

  it('tests on what --test names', async () => {
    await write('far.csv', 'x,y,colour,side\n-9,9,red,left\n-9,9,red,left\n-9,9,red,right\n');
    const { stdout } = await run('train', 'blobs.csv', '--test', 'far.csv', '--json');
    expect(lastJson(stdout)).toMatchObject({ testAccuracy: 2 / 3, trainRows: 200, testRows: 3 });
  });

  it.each([';', '\t'])('takes %j between values for what a comma is', async (separator) => {
    const numbers = async (text: string) => {
      await write('separated.csv', text);
      const { stdout } = await run('train', 'separated.csv', '--epochs', '3', '--json');
      const { trainLoss, testLoss, testAccuracy } = lastJson(stdout);
      return [trainLoss, testLoss, testAccuracy];
    };
    expect(await numbers(blobs(200).replaceAll(',', separator))).toEqual(await numbers(blobs(200)));
  });

  it('leaves out the rows without a target where asked, to train on and to test on', async () => {
    const gaps = (text: string) => text.replace(/(note \d*[05]),\w+$/gm, '$1,');
    await write('gaps.csv', gaps(blobs(200)));
    await write('whole.csv', blobs(200).replace(/^.*note \d*[05],\w+\n/gm, ''));
    const drop = '--missing-target drop --epochs 3 --json'.split(' ');
    const { stderr, stdout } = await run('train', 'gaps.csv', '--test', 'gaps.csv', ...drop);
    expect(stderr).toContain('left out 40 rows: no side\n');
    const { testLoss, testAccuracy, trainLoss } = lastJson(stdout);
    const whole = await run('train', 'whole.csv', '--test', 'whole.csv', '--epochs', '3', '--json');
    expect(lastJson(whole.stdout)).toMatchObject({ testLoss, testAccuracy, trainLoss, trainRows: 160 });
    const measured = await run('evaluate', 'blobs.model', 'gaps.csv', '--missing-target', 'drop', '--json');
    const measuredWhole = await run('evaluate', 'blobs.model', 'whole.csv', '--json');
    expect(measured.stdout).toBe(measuredWhole.stdout);
    expect(lastJson(measured.stdout).rows).toBe(160);
  });

  it('takes another target, another task', async () => {
    const { stdout } = await run('train', 'blobs.csv', '--target', 'x', '--drop', 'note', '--json');
    expect(lastJson(stdout).testR2).toBeGreaterThan(0.3);
  });
});

describe('predict', () => {
  it('appends to the raw rows what the library predicts', async () => {
    const { status, stdout } = await run('predict', 'blobs.model', 'blobs.csv');
    expect(status).toBe(0);
    const raw = readCsv(blobs(200));
    expect(readCsv(stdout).columns.slice(0, 5)).toEqual(raw.columns);
    const model = await load(path('blobs.model'));
    const preprocessor = checkPreprocessor(JSON.parse(model.metadata.data!).preprocessor);
    const expected = model.predict(applyPreprocessor(preprocessor, raw, { requireTarget: false }).inputs);
    const names = await values(stdout, 'prediction');
    const probabilities = await values(stdout, 'probability');
    names.forEach((name, row) => {
      const [left, right] = [expected[2 * row]!, expected[2 * row + 1]!];
      expect(name).toBe(left > right ? 'left' : 'right');
      expect(Number(probabilities[row])).toBeCloseTo(Math.max(left, right), 6);
    });
  });

  it('does without the target and unknown categories, with columns in any order and more of them', async () => {
    await write('raw.csv', 'extra,y,colour,x\n"a, b",-3,green,3\nc,0,,0\n');
    const { stdout } = await run('predict', 'blobs.model', 'raw.csv');
    expect(stdout).toMatch(
      /^extra,y,colour,x,prediction,probability\n"a, b",-3,green,3,right,0\.9\d*\nc,0,"",0,(left|right),\d\.\d+\n$/,
    );
  });

  it('says numbers in raw units', async () => {
    await write('points.csv', 'x,y\n0,0\n1,0\n0,1\n');
    const { stdout } = await run('predict', 'plane.model', 'points.csv');
    const said = (await values(stdout, 'prediction')).map(Number);
    [100, 120, 90].forEach((truth, row) => {
      expect(Math.abs(said[row]! - truth)).toBeLessThan(3);
    });
    const model = await load(path('plane.model'));
    const preprocessor = checkPreprocessor(JSON.parse(model.metadata.data!).preprocessor);
    const { inputs } = applyPreprocessor(preprocessor, readCsv('x,y\n0,0\n1,0\n0,1\n'), {
      requireTarget: false,
    });
    if (preprocessor.target.kind !== 'number') throw new Error('expected a number');
    decodeTarget(preprocessor.target, model.predict(inputs)).forEach((number, row) => {
      expect(said[row]).toBeCloseTo(number, 3);
    });
  });

  it('writes to a file instead, and never takes a name that a column has', async () => {
    const first = await run('predict', 'plane.model', 'points.csv', '--out', 'said.csv');
    expect(first).toMatchObject({ status: 0, stdout: '' });
    await run('predict', 'plane.model', 'said.csv', '--out', 'again.csv');
    expect(String(await read('again.csv'))).toMatch(/^x,y,prediction,prediction 2\n/);
  });

  it('takes images alone or with their labels', async () => {
    const alone = await run('predict', 'halves.model', 'images');
    const paired = await run('predict', 'halves.model', 'images,labels');
    expect(alone.stdout).toBe(paired.stdout);
    const names = await values(alone.stdout, 'prediction');
    expect(names).toEqual(Array.from({ length: 120 }, (_, i) => (i % 2 ? '7' : '3')));
  });
});

describe('evaluate', () => {
  it('gives the numbers that training gave for the same rows', async () => {
    await write('seen.csv', blobs(200));
    const trained = await run('train', 'blobs.csv', '--test', 'seen.csv', '--out', 'all.model', '--json');
    const { testAccuracy, testLoss } = lastJson(trained.stdout);
    const { stdout } = await run('evaluate', 'all.model', 'seen.csv', '--json');
    expect(lastJson(stdout)).toEqual({ accuracy: testAccuracy, loss: testLoss, rows: 200 });
  });

  it('finds the truth in another column', async () => {
    await write('renamed.csv', 'x,y,colour,truth\n-1,1,red,left\n4,-4,red,left\n');
    const { stdout } = await run('evaluate', 'blobs.model', 'renamed.csv', '--target', 'truth', '--json');
    expect(lastJson(stdout)).toMatchObject({ accuracy: 0.5, rows: 2 });
  });

  it('draws the images that were mistaken', async () => {
    const wrong = halves(2);
    wrong.labels.reverse();
    await write('swapped', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3));
    await write('two', wrong.images);
    const { stdout } = await run('evaluate', 'halves.model', 'two,swapped');
    expect(stdout).toContain('accuracy 0.00 % on 2 rows');
    expect(stdout).toMatch(/\n████\n {17}████\n7 taken for 3 {4}3 taken for 7\n$/);
  });
});

describe('inspect', () => {
  it('shows layers, columns, target, metadata and the program', async () => {
    const { status, stdout } = await run('inspect', 'blobs.model');
    expect(status).toBe(0);
    expect(stdout).toContain('4 inputs, loss softmaxCrossEntropy, seed 1, 2,466 parameters');
    expect(stdout).toMatch(/layers\.0 +│ dense │ +64 │ +relu │ +320/);
    expect(stdout).toMatch(/colour +│ categorical │ 2 categories/);
    expect(stdout).toMatch(/note +│ left out +│ text/);
    expect(stdout).toContain('tells side: one of left, right');
    expect(stdout).toMatch(/training: \{.*"epoch":200/);
    expect(stdout).toMatch(/0 +GEMM +\[ROWS x 64\]/);
  });
});

describe('wasmlp', () => {
  it('says its version and helps', async () => {
    expect((await run('--version')).stdout).toBe(`${packageJson.version}\n`);
    const help = await run('help', 'train');
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('--hidden <units>');
    expect(help.stdout).toMatch(/--weight-decay <rate> +L2 penalty; with adamW,\s+decoupled decay/);
    expect((await run('--help')).stdout).toMatch(/train[\s\S]*predict[\s\S]*evaluate[\s\S]*inspect/);
  });

  it('helps on standard error, with status 2, whoever types nothing else', async () => {
    const { status, stdout, stderr } = await run();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: wasmlp');
  });
});
