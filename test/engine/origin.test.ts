/** What the public names of these suites stand for: the bundle in a browser, the sources in Node. */
import { expect, it } from 'vitest';
import { dense } from 'wasmlp';
import { input } from 'wasmlp/graph';
import { outcome } from '../support/wrong.js';

const inBrowser = typeof document !== 'undefined';

it.each([
  ['wasmlp', () => dense(0)],
  ['wasmlp/graph', () => input('', [1, 1])],
])('%s throws from where it is', async (_name, call) => {
  const { stack } = (await outcome(call)) as Error;
  const ours = stack!.split('\n').filter((line) => /\/(src|build)\//.test(line));
  expect(ours.length).toBeGreaterThan(0);
  for (const line of ours) expect(line).toContain(inBrowser ? '/build/chunks/' : '/src/');
});
