/** What an engine does to the process it lives in: nothing keeps it alive but work, and nothing is printed. Node only. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../package/installed.js';

const library = pathToFileURL(join(root, 'build/index.js')).href;
const MODEL = `
  const inputs = Float32Array.from({ length: 512 * 64 }, (_, i) => Math.sin(i));
  const labels = Array.from({ length: 512 }, (_, i) => i % 4);
  const layers = [dense(128, 'relu'), dense(4)];
  const model = await mlp({ inputs: 64, layers, loss: 'softmaxCrossEntropy', engine });
`;

/** Output of a script that ends by itself, and how long it lived after its last line, in ms. */
async function ends(script: string): Promise<{ output: string; after: number; errors: string }> {
  const code = `import { createEngine, dense, mlp } from ${JSON.stringify(library)};
    ${script}
    console.log('end', Date.now());`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { timeout: 20_000 },
  );
  const [, last] = stdout.match(/end (\d+)\n$/)!;
  return { output: stdout, after: Date.now() - Number(last), errors: stderr };
}

const THREADED = 'const engine = await createEngine({ threads: 3 });';

describe('a process with threads ends by itself', () => {
  it.each([
    ['where nothing was asked of them', THREADED],
    ['after a prediction', `${THREADED}${MODEL}model.predict(inputs);`],
    ['after a fit', `${THREADED}${MODEL}await model.fit(inputs, labels, { epochs: 3 });`],
    [
      'after its engine was disposed in the middle of a fit',
      `${THREADED}${MODEL}
      const fit = model.fit(inputs, labels, { epochs: 100000 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      engine.dispose();
      const error = await fit.then(() => null, (reason) => reason);
      if (!/disposed/.test(error.message)) throw error;`,
    ],
  ])('%s', async (_when, script) => {
    const { after, errors } = await ends(script);
    expect(after).toBeLessThan(2000);
    expect(errors).toBe('');
  });

  it('but not before its fit has ended', async () => {
    const { output } = await ends(`${THREADED}${MODEL}
      model.fit(inputs, labels, { epochs: 200 }).then(({ epochs }) => console.log(epochs, 'epochs', 'end', Date.now()));`);
    expect(output).toMatch(/200 epochs/);
  });
});
