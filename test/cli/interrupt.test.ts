/** Ctrl-C: a signal while the program trains, and what is left of the training. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { load, type Model } from '../../src/index.js';
import { blobs, ended, lastJson, useProgram } from './program.js';

const program = useProgram();
const { run, start, write, path, list } = program;

/** Nobody waits for its end. An epoch takes many slices, so that a stop falls inside one; the rate does not depend on their number. */
const LONG = 'train blobs.csv --hidden 256,256 --batch 4 --schedule constant --epochs 1000000'.split(' ');

beforeAll(() => write('blobs.csv', blobs(1000)), 60_000);

/** Resolves when standard error says it. */
function heard(child: ChildProcess, pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    child.stderr!.on('data', (part) => {
      text += part;
      if (pattern.test(text)) resolve();
    });
  });
}

/** Of all parameters; as text, so that a difference costs no comparison of a hundred thousand numbers. */
function digest(model: Model): string {
  const hash = createHash('sha256');
  for (const values of Object.values(model.getParameters())) hash.update(values);
  return hash.digest('hex');
}

/** Milliseconds from the signal to the end of the process: training stopped, the model written, memory given back. */
async function stoppingTime(args: readonly string[], delay: number): Promise<number> {
  const child = start(...args);
  const end = ended(child);
  await heard(child, /^epoch 2\//m);
  // so that the signals fall anywhere in a slice
  await new Promise((resolve) => setTimeout(resolve, delay));
  const sent = performance.now();
  child.kill('SIGINT');
  expect((await end).status).toBe(130);
  return performance.now() - sent;
}

describe('Ctrl-C while training', () => {
  it.each([
    ['a table', LONG],
    [
      '30,000 images of 784 pixels, one thread',
      'train digits --hidden 256,128 --epochs 1000000 --threads 1'.split(' '),
    ],
  ])(
    'on %s ends it within a tenth of a second: the median of five',
    async (_what, args) => {
      const times: number[] = [];
      for (const delay of [0, 7, 14, 21, 28])
        times.push(await stoppingTime([...args, '--out', 'timed.model'], delay));
      // 25 to 75 ms on an idle machine of two cores, a slice of 30 ms included
      expect(times.sort((a, b) => a - b)[2]).toBeLessThan(100);
    },
    120_000,
  );

  it('stops, with the parameters of the last epoch in the file', async () => {
    const child = start(...LONG, '--out', 'stopped.model');
    const end = ended(child);
    await heard(child, /^epoch 2\//m);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect([status, stdout]).toEqual([130, '']);
    const [, epoch] = /^interrupted: saved stopped\.model as of epoch (\d+)\n$/m.exec(stderr) ?? [];
    expect(stderr.match(/^epoch /gm)).toHaveLength(Number(epoch));

    const again = ['--epochs', epoch!, '--out', 'whole.model'];
    await run(...LONG, ...again);
    const stopped = await load(path('stopped.model'));
    expect(digest(stopped)).toBe(digest(await load(path('whole.model'))));
    expect(JSON.parse(stopped.metadata.training!).epoch).toBe(Number(epoch));
    const { stdout: json } = await run('evaluate', 'stopped.model', 'blobs.csv', '--json');
    expect(lastJson(json).accuracy).toBeGreaterThan(0.9);
  });

  it('leaves no file where no epoch was completed, and none where none was asked for', async () => {
    const before = await list();
    const wide = ['train', 'blobs.csv', '--hidden', '2048,2048', '--batch', '8'];
    const early = start(...wide, '--out', 'early.model');
    const endOfEarly = ended(early);
    await heard(early, /rows to train on/);
    early.kill('SIGINT');
    expect(await endOfEarly).toMatchObject({
      status: 130,
      stderr: expect.stringMatching(/interrupted: nothing saved\n$/),
    });

    const child = start(...LONG);
    const end = ended(child);
    await heard(child, /^epoch 2\//m);
    child.kill('SIGINT');
    expect(await end).toMatchObject({
      status: 130,
      stderr: expect.stringMatching(/interrupted: nothing saved\n$/),
    });
    expect(await list()).toEqual(before);
  });
});
