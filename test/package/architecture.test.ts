/** The plan of a training step that docs/architecture.md prints and explains is the one that the compiler makes. Node only. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dense, mlp, sgd } from 'wasmlp';
import { root } from './installed.js';

it('docs/architecture.md prints what `describe` says of a step', async () => {
  const text = await readFile(join(root, 'docs/architecture.md'), 'utf8');
  const printed = /^ +instruction {2}work(.|\n)*? for 128 rows$/m.exec(text)![0];
  using model = await mlp({
    inputs: 784,
    layers: [dense(256, 'relu'), dense(128, 'relu'), dense(10)],
    loss: 'softmaxCrossEntropy',
  });
  const plan = await model.describe({ batchSize: 128, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
  expect(printed.replace(/^ {4}/gm, '')).toBe(plan);
});
