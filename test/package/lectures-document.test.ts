/** docs/lectures.md promises names, programs and tests: all of them are there, and nothing that is in a table is left out. Node only. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as networks from 'wasmlp';
import * as data from 'wasmlp/data';
import * as graphs from 'wasmlp/graph';
import * as inspection from 'wasmlp/inspect';
import * as metrics from 'wasmlp/metrics';
import { activations } from '../../src/nn/activations.js';
import { initializers } from '../../src/nn/initializers.js';
import { allLosses } from '../../src/nn/losses/all.js';
import { schedules } from '../../src/nn/schedules.js';
import { lossCases, optimizerRuns } from '../nn/foreign-titles.js';
import { root } from './installed.js';

const text = await readFile(join(root, 'docs/lectures.md'), 'utf8');
const rows = [...text.matchAll(/^\| (?!idea)([^|]+) \| ([^|]+) \| ([^|]*) ?\| ([^|]+) \|$/gm)].map(
  ([, idea, api, third, test]) => ({ idea: idea!, api: api!, third: third!.trim(), test: test! }),
);
const spans = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
const named = new Set(rows.flatMap(({ api }) => spans(api)));

using model = await networks.mlp({
  inputs: 1,
  layers: [networks.dense(1)],
  loss: 'meanSquaredError',
});
const callable = {
  ...networks,
  ...graphs,
  ...inspection,
  ...metrics,
  ...data,
  ...Object.getOwnPropertyDescriptors(Object.getPrototypeOf(model)),
};
const chosen = { ...activations, ...allLosses, ...initializers, ...schedules };
const sources = (
  await Promise.all(
    (
      await readdir(join(root, 'src'), { recursive: true })
    )
      .filter((path) => /^(nn|train)\b.*\.ts$/.test(path))
      .map((path) => readFile(join(root, 'src', path), 'utf8')),
  )
).join('\n');

/** Suites whose titles are made of their cases. */
const casesOf: Readonly<Record<string, readonly { readonly title: string }[]>> = {
  'test/nn/foreign-losses.test.ts': lossCases,
  'test/nn/optimizers.test.ts': optimizerRuns,
};

/** What a suite calls its tests. */
function titlesOf(path: string): readonly string[] {
  if (casesOf[path]) return casesOf[path].map(({ title }) => title);
  const quoted = readFileSync(join(root, path), 'utf8').matchAll(/(['"`])((?:(?!\1).)+)\1/g);
  return [...quoted].map(([, , title]) => title!);
}

/** What a piece of code in the column API names: functions, rows of tables, options. */
function unknownIn(code: string): string[] {
  const functions = [...code.matchAll(/^(\w+)$|\b(\w+)\(/g)].map(([, alone, called]) => alone ?? called!);
  const choices = [...code.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
  const options = [...code.matchAll(/\b(\w+): /g)].map(([, name]) => name!);
  return [
    ...functions.filter((name) => !Object.hasOwn(callable, name)),
    ...choices.filter((name) => !Object.hasOwn(chosen, name) && name !== 'all'),
    ...options.filter((name) => !new RegExp(`\\b${name}\\??: [\\w'{(]`).test(sources)),
  ];
}

describe('docs/lectures.md', () => {
  it('has a table for each of ten subjects', () => {
    const tables = text.split(/^## /m).slice(1);
    expect(tables.map((table) => Number.parseInt(table, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const table of tables) expect(table.match(/^\| /gm)!.length, table).toBeGreaterThan(6);
    // every line of a table is a row that is looked at below
    expect(rows).toHaveLength(text.match(/^\| /gm)!.length - 10);
  });

  it.each(rows)('$idea: what it names is there', ({ api, third, test }) => {
    for (const code of spans(api)) expect(unknownIn(code), code).toEqual([]);
    for (const [, path] of third.matchAll(/\]\(\.\.\/([^)]+)\)/g))
      expect(existsSync(join(root, path!)), path).toBe(true);
    const [, path, title] = /^`(.+)`: (.+)$/.exec(test)!;
    // of a case the whole title, because others begin like it
    const isIt = (one: string) => (casesOf[path!] ? one === title : one.includes(title!));
    expect(titlesOf(path!).some(isIt), `${path}: ${title}`).toBe(true);
  });

  it('names every row of the tables', () => {
    const missing = Object.keys(chosen).filter((name) => !named.has(`'${name}'`));
    expect(missing).toEqual([]);
  });

  it('names every function that makes, shows or measures something', () => {
    const all = Object.entries({ ...networks, ...inspection, ...metrics })
      .filter(([, value]) => typeof value === 'function' && !/^class\b/.test(String(value)))
      .map(([name]) => name);
    const mentioned = (name: string) => [...named].some((code) => new RegExp(`\\b${name}\\b`).test(code));
    expect(all.filter((name) => !mentioned(name)).sort()).toEqual(['createEngine', 'load']);
  });

  it('leads to every program', async () => {
    const programs = (await readdir(join(root, 'examples/lectures'))).filter((name) => name !== 'chart.js');
    expect(programs.filter((name) => !text.includes(`(../examples/lectures/${name})`))).toEqual([]);
  });
});
