/** What README prints is what happens: its code and its commands, run as they stand in a project that installed the package. Node only. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDigits, writeIdx } from '../../src/data/index.js';
import { Random } from '../../src/random.js';
import { type Installed, install, root } from './installed.js';

const readme = await readFile(join(root, 'README.md'), 'utf8');
const training = await readFile(join(root, 'docs/training.md'), 'utf8');
const blocks = (language: string, text = readme) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);
const [library, inference, metrics, data, graphs, inspection] = blocks('js');
const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => line.replace(/#.*/, '').trim());

/** Three kinds of flowers that differ in two measurements, with a cell missing now and then. */
function flowers(seed: number, rows: number): string {
  const random = new Random(seed, 'flowers');
  const kinds = ['daisy', 'lily', 'rose'];
  const lines = Array.from({ length: rows }, () => {
    const kind = random.integer(3);
    const height = random.uniform() < 0.05 ? '' : (10 * kind + 2 * random.normal()).toFixed(2);
    return `${height},${(random.normal() - kind).toFixed(2)},${kinds[kind]}`;
  });
  return ['height,width,species', ...lines].join('\n');
}

let installed: Installed;

beforeAll(async () => {
  installed = await install();
  const into = (name: string, content: string | Uint8Array) =>
    writeFile(join(installed.project, name), content);
  await into('flowers.csv', flowers(1, 200));
  await into('more-flowers.csv', flowers(2, 20));
  const { images, labels } = generateDigits(600, 1);
  for (const [part, first, last] of [
    ['train', 0, 500],
    ['t10k', 500, 600],
  ] as const) {
    const shape = [last - first, 28, 28];
    await into(`${part}-images-idx3-ubyte`, writeIdx(shape, images.subarray(first * 784, last * 784)));
    await into(`${part}-labels-idx1-ubyte`, writeIdx([last - first], labels.subarray(first, last)));
  }
}, 120_000);
afterAll(() => installed?.remove());

it('docs/training.md: its example trains', async () => {
  const [example] = blocks('js', training);
  const shown = await installed.runModule(`${example}\nconsole.log(model.predict([[0, 1]]).length);`);
  expect(shown.trim()).toBe('2');
});

describe('README', () => {
  it('has the blocks that these tests run', () => {
    expect([library, inference, metrics, data, graphs, inspection].every(Boolean)).toBe(true);
    expect(commands).toHaveLength(6);
  });

  it('its network learns, is saved and loaded', async () => {
    const printed = await installed.runModule(library!);
    expect(printed).toContain('accuracy: 1');
    expect(printed.match(/Float32Array/g)).toHaveLength(2);
  });

  it('its predictor knows the saved network', async () => {
    const printed = await installed.runModule(inference!);
    const [, zero, one] = /\[ ?([\d.e-]+), ([\d.e-]+) ?\]/.exec(printed)!.map(Number);
    expect(one).toBeGreaterThan(0.5);
    expect(zero! + one!).toBeCloseTo(1, 5);
    expect(printed.match(/Float32Array/g)).toHaveLength(2);
  });

  it('its metrics say how good four predictions are', async () => {
    const printed = await installed.runModule(metrics!);
    expect(printed).toMatch(/\[ 2, 0, 1, 1 \] 0\.6666/);
    expect(printed).toMatch(/^1$/m);
  });

  it('its data are a hundred digits and a column', async () => {
    const printed = await installed.runModule(data!);
    expect(printed).toMatch(/^78400 \d\n\{ name: 'height', values: \[ '1.5' \] \}/);
  });

  it('its graph gives the values and derivatives of the gates', async () => {
    const printed = await installed.runModule(graphs!);
    // worked out in float64 from the formula
    expect(printed).toMatch(/f: 1\.54564/);
    expect(printed).toMatch(/dx: 2\.05956/);
    expect(printed).toMatch(/dy: 1\.59223/);
    expect(printed).toMatch(/dxx: 2\.57306/);
  });

  it('its trace, picture and check are those of a sigmoid unit', async () => {
    const printed = await installed.runModule(inspection!);
    // σ(-1), and σ (1 - σ) times x
    expect(printed).toMatch(/^n\d +sigmoid\(n\d\) +1 x 1 +0\.2689 +1$/m);
    expect(printed).toMatch(/^n1 +w +1 x 1 +-1 +0\.3932$/m);
    expect(printed).toContain('flowchart TD');
    expect(printed).toContain('passed: true');
  });

  it.each(commands)('%s', async (command) => {
    const words = command.replaceAll('path/to/mnist', '.').split(/\s+/);
    const text = await installed.run('npx', '--offline', ...words);
    if (command.includes('--out predicted.csv')) {
      const written = await readFile(join(installed.project, 'predicted.csv'), 'utf8');
      expect(written.trim().split('\n')).toHaveLength(21);
    } else expect(text.trim()).not.toBe('');
  });
});
