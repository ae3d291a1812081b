/** The programs of examples/lectures, run as in a clone: what they print shows the point of the lecture, and their pictures are SVG with something in it. Node only. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './installed.js';

const run = promisify(execFile);
const programs = (await readdir(join(root, 'examples/lectures')))
  .filter((name) => name !== 'chart.js')
  .sort();

interface Shown {
  /** What must be printed. */
  readonly printed: readonly RegExp[];
  /** Numbers, in the order in which they are printed, and what holds of them. */
  readonly numbers?: readonly (readonly [pattern: RegExp, holds: (...numbers: number[]) => boolean])[];
  readonly pictures?: readonly string[];
}

const rising = (...numbers: number[]) => numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
const falling = (...numbers: number[]) => rising(...numbers.toReversed());
const above =
  (least: number) =>
  (number: number, ...more: number[]) =>
    [number, ...more].every((one) => one > least);

const shown: Readonly<Record<string, Shown>> = {
  'delta-rule.js': {
    // w - 0.1 (0.2 - -0.5) x by hand: y = 0.1 + 0.4 - 0.3 = 0.2
    printed: [
      /weight by weight 0\.0300 0\.0600 0\.3700\nin vectors 0\.0300 0\.0600 0\.3700\nby the gradient 0\.0300 0\.0600 0\.3700/,
      /after 40 epochs 2\.0000 -1\.0000 0\.5000\nas a network 2\.0000 -1\.0000 0\.5000, at most \de-[6-9]/,
    ],
  },
  'perceptron.js': {
    printed: [/δ = 0 -1 1 0\n.*same: 0 -1 1 0/, /mistakes: 0\nan epoch without a mistake.*\naccuracy 1\n/],
    pictures: ['perceptron'],
  },
  'xor.js': {
    printed: [
      /a linear unit 0\.50 0\.50 0\.50 0\.50, loss 0\.25/,
      /a threshold unit .*, 3 of 4 at best/,
      /two ReLU units 0\.00 1\.00 1\.00 0\.00, loss 0\n/,
      /a network .*, 4 of 4/,
    ],
    pictures: ['xor'],
  },
  'activations.js': {
    // subgradients at 0, as src/nn/activations.ts has them
    printed: [
      /^relu 0\.000 0\.000 1\.000 0\.000 0\.000 1\.000$/m,
      /^abs 1\.000 0\.000 1\.000 -1\.000 0\.000 1\.000$/m,
      /^prelu -0\.250 0\.000 1\.000 0\.250 0\.250 1\.000$/m,
      /^gelu -0\.159 0\.000 0\.841 -0\.083 0\.500 1\.083$/m,
    ],
    pictures: ['activations'],
  },
  'units.js': {
    printed: [
      /times v 0\.076 0\.092 -0\.167\n by grad 0\.076 0\.092 -0\.167/,
      /pair products 3\.000 2\.000 0\.500 6\.000 1\.500 1\.000/,
      /max of subsets .*\n gradient 0\.000 2\.000 0\.000 0\.000; right/,
    ],
    numbers: [
      [
        /gradient .*; right, error (\S+)$/gm,
        (...errors) => errors.length === 7 && errors.every((e) => e < 1e-6),
      ],
    ],
  },
  'losses.js': {
    printed: [
      /the number of the class (.*: output .*)\none-hot .*\n/,
      /a distribution .*(loss 1\.449, gradient -0\.5405 0\.6054 -0\.06488)\nlabel smoothing .*\1/,
      /z 10000: output 1, loss 10000, gradient 1\n/,
      /z -10000 10000 0: output 0 1 0, loss 20000, gradient -1 1 0\n/,
      /by squared error nothing is learned .* loss 0\.5, gradient 0\n/,
      // (log 4 + log 4/3) / 2 and (3 log 4 + log 4/3) / 4
      /1 : 1 loss 0\.8370\nclasses weigh 3 : 1 loss 1\.1116/,
    ],
  },
  'graphs.js': {
    printed: [
      /whole\n((.*\n){3})staged\n\1/,
      /add distributes 2 2\n multiply swaps -8 6\n max routes 2 0\n/,
      /fork adds: .*\n dx 3\n/,
      /Hessian 4 2 2 6\n Hessian times \(1, -1\) 2 -4/,
    ],
  },
  'seeing.js': {
    printed: [
      /^flowchart TD/,
      /9 boxes before differentiation, 14 after/,
      /n1 w 1 x 1 -1 -0\.4878/,
      /right: passed.*\nwrong: failed.*\na network: passed, 17 entries/,
    ],
    numbers: [[/costs (\S+) times the loss/g, (cost) => cost > 1 && cost <= 4]],
    pictures: ['seeing-before', 'seeing-after'],
  },
  'descent.js': {
    printed: [
      /full batch.* \d+ epochs, ended by tolerance, at (0\.99|1\.00)\d (0\.99|1\.00)\d/,
      /mini-batches of two .*(at .*)\ntwo batches accumulated .*\1/,
      /L-BFGS +loss \de-|L-BFGS +loss \d\.\de-(8|9|\d\d)/,
    ],
    pictures: ['descent'],
  },
  'schedules.js': {
    printed: [
      /^cosine +1\.000 0\.854 0\.500 0\.000$/m,
      /^step +1\.000 0\.500 0\.250 0\.125$/m,
      /^a ramp of the momentum 0\.500 .* 0\.950$/m,
    ],
    numbers: [[/^on plateau +(\S+) +(\S+) +(\S+) +(\S+)$/gm, falling]],
    pictures: ['schedules'],
  },
  'regularisation.js': {
    printed: [/early stopping.*, \d{2,3} epochs/],
    numbers: [
      // nothing else is as close to the points and as far from the curve
      [/off the points it saw by (\S+),/g, (nothing, ...others) => others.every((one) => one > nothing)],
      [/off the curve by (\S+),/g, (nothing, ...others) => others.every((one) => one < nothing)],
    ],
    pictures: ['regularisation'],
  },
  'initialisation.js': {
    printed: [],
    numbers: [
      [
        /^tanh small.* values \S+ to (\S+), .* back to (\S+)$/gm,
        (value, delta) => value < 1e-15 && delta < 1e-15,
      ],
      [/^relu normal.* values \S+ to (\S+), .* back to (\S+)$/gm, above(1e4)],
      [/^relu He.* values \S+ to (\S+), .* back to (\S+)$/gm, above(0.05)],
      [
        /^relu Glorot.* values \S+ to (\S+), .* back to (\S+)$/gm,
        (value, delta) => value < 0.01 && delta < 0.01,
      ],
    ],
    pictures: ['initialisation'],
  },
  'normalisation.js': {
    printed: [],
    numbers: [
      [
        /^(?:nothing|over the batch|over the units) accuracy (\S+)$/gm,
        (nothing, batch, units) => nothing < 0.6 && batch! > 0.8 && units! > 0.8,
      ],
    ],
  },
  'digits-two-or-not.js': {
    printed: [
      /^binaryKlDivergence((\n .*){6})\nsigmoidCrossEntropy((\n .*){6})\nalways "no": accuracy 0\.9\d+, recall 0\n/,
    ],
    numbers: [
      [/^ accuracy (\S+)$/gm, above(0.98)],
      [/ f1 (\S+)/g, above(0.9)],
      [/ rocAuc (\S+)/g, above(0.99)],
    ],
  },
  'digits-ten.js': {
    printed: [/^is \\ said 0/m],
    numbers: [
      [/^accuracy (\S+), among the first two (\S+)$/gm, (first, two) => first > 0.92 && two > first],
      [/^(\d) .*$/gm, (...rows) => rows.join() === '0,1,2,3,4,5,6,7,8,9'],
    ],
    pictures: ['digits-ten'],
  },
  'digits-none-of-the-above.js': {
    printed: [],
    numbers: [
      [/, (\d+) are a digit with more than 90 % certainty/g, above(80)],
      [/declined (\S+) %/g, (others, digits) => others > 75 && digits < 5],
    ],
    pictures: ['digits-none-of-the-above'],
  },
  'regression-many.js': {
    printed: [/^x .*\ny .*\nsine .*\ncosine .*\ntogether/m],
    numbers: [[/R² (\S+)/g, above(0.98)]],
  },
  'multi-label.js': {
    printed: [/^left(.|\n)*^right(.|\n)*^top/m],
    numbers: [
      [/F1 (\S+),/g, above(0.94)],
      [/all three right: (\S+) %/g, above(94)],
    ],
    pictures: ['multi-label'],
  },
  'approximation.js': {
    printed: [],
    numbers: [
      [/^\d+ units, .* off by (\S+)$/gm, (...errors) => falling(...errors.slice(0, 5)) && errors[5]! < 0.02],
      // the last of these are the saw's: one layer, two, three, four
      [/^(?:96|16-15|11-10-9|9-8-8-7) units, .* off by (\S+)$/gm, falling],
    ],
    pictures: ['approximation', 'depth'],
  },
  'folding.js': {
    printed: [
      /^1681 points of the plane lie on 121 after/,
      // two diamonds, each with two ends
      /changes 4 times/,
    ],
    pictures: ['folding'],
  },
  'regions.js': {
    printed: [/10 units: 32 pieces in 5 layers, 11 in one/],
    numbers: [
      [/ units: (\d+) pieces/g, (...pieces) => pieces.join() === '2,4,8,16,32'],
      [/, (\d+) in one$/gm, (...pieces) => pieces.join() === '3,5,7,9,11'],
      // of 24 lines in general position at most 1 + 24 + 276
      [/^24 units in one layer: (\d+) regions$/gm, (regions) => regions > 100 && regions <= 301],
    ],
    pictures: ['regions'],
  },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectures-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('examples/lectures', () => {
  it('are those that are tried here', () => {
    expect(programs).toEqual(Object.keys(shown).sort());
  });

  it.each(Object.entries(shown))('%s', async (name, { printed, numbers = [], pictures = [] }) => {
    const program = join('examples/lectures', name);
    const { stdout } = await run(process.execPath, [program, join(folder, name)], { cwd: root });
    // columns are not what is looked at
    const text = stdout.replace(/ +/g, ' ');
    for (const pattern of printed) expect(text).toMatch(pattern);
    for (const [pattern, holds] of numbers) {
      const found = [...text.matchAll(pattern)].flatMap(([, ...groups]) => groups.map(Number));
      expect(found.length, `${pattern}\n${text}`).toBeGreaterThan(0);
      expect(found.every(Number.isFinite) && holds(...found), `${pattern}: ${found}\n${text}`).toBe(true);
    }
    const written = await readdir(join(folder, name)).catch(() => []);
    expect(written.sort()).toEqual(pictures.map((picture) => `${picture}.svg`).sort());
    for (const picture of written) expectPicture(await readFile(join(folder, name, picture), 'utf8'));
  });
});

/** One SVG element, closed where it should be, with shapes and words, and no number that is none. */
function expectPicture(svg: string): void {
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg.match(/<text[ >]/g)!.length).toBeGreaterThan(2);
  const shapes = svg.match(/<(path|rect|circle|line)\b[^>]*/g)!;
  expect(shapes.length).toBeGreaterThan(8);
  // long paths and many shapes alike: something is drawn
  expect(shapes.join('').length).toBeGreaterThan(1000);
}
