/** The harness with contenders that are made up: who runs when, and what becomes of those that misbehave. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { measureAlternately } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fake = (name, query = '') => ({
  name,
  module: new URL(`fakes/contender.js?name=${name}&${query}`, import.meta.url).href,
  install: 'npm install it',
});

/** One run a turn: there is no warm-up, so chunks stay at one run, and a run outlasts the turn. */
async function measure(contenders, logName, query = '') {
  const log = join(folder, logName);
  const task = { question: new URL(`fakes/question.js?${query}`, import.meta.url).href, shape: { log } };
  const effort = { rounds: 3, secondsPerTurn: 0.001, warmUpSeconds: 0 };
  const results = await measureAlternately(contenders, task, effort);
  return { results, order: readFileSync(log, 'utf8') };
}

it('lets contenders run in turn, and gives each its own rate', async () => {
  const { results, order } = await measure(
    [fake('A', 'milliseconds=20'), fake('B', 'milliseconds=100')],
    'turns',
  );
  expect(order).toBe('ABABAB');
  const [a, b] = results;
  expect(a).toMatchObject({ name: 'A', status: 'measured', version: '1.2.3', note: 'answered 42' });
  // A timer may end late but hardly early: at most 50 and 10 runs a second.
  expect(a.figure.max).toBeLessThan(52);
  expect(b.figure.max).toBeLessThan(10.2);
  expect(a.figure.median).toBeGreaterThan(b.figure.median);
});

it('reports who is missing, wrong or crashed, and measures the others', async () => {
  const missing = { ...fake('M'), module: new URL('fakes/nobody.js', import.meta.url).href };
  const contenders = [missing, fake('W', 'answer=41'), fake('C', 'crash=2'), fake('A')];
  const { results, order } = await measure(contenders, 'failures');
  expect(order).toBe('CAAA');
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ['M', 'missing'],
    ['W', 'wrong'],
    ['C', 'failed'],
    ['A', 'measured'],
  ]);
  expect(results[0].note).toMatch(/^npm install it \(Cannot find module/);
  expect(results[1].note).toBe('answered 41');
  expect(results[2].note).toBe('its process ended');
});

it('gives time per unit where the question is about a cost', async () => {
  const { results } = await measure(
    [fake('A', 'milliseconds=20'), fake('B', 'milliseconds=50')],
    'costs',
    'cost',
  );
  const [a, b] = results;
  expect(a.figure.min).toBeGreaterThan(0.019);
  expect(b.figure.min).toBeGreaterThan(0.049);
  expect(a.figure.median).toBeLessThan(b.figure.median);
});

it('lets a contender have a shape of its own', async () => {
  const own = join(folder, 'own');
  const { order } = await measure([fake('A'), { ...fake('B'), shape: { log: own } }], 'shared');
  expect([order, readFileSync(own, 'utf8')]).toEqual(['AAA', 'BBB']);
});
