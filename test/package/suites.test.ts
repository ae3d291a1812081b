/** Suites that run in browsers reach the library by its public names, so that there they test the bundle. Node only. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inNodeOnly, onSources } from '../suites.js';
import { root } from './installed.js';

it.each(['graph', 'engine', 'nn', 'train', 'inspect'])(
  'the suites of %s import no source',
  async (folder) => {
    const files = (await readdir(join(root, 'test', folder))).map((name) => `test/${folder}/${name}`);
    const fromSources: string[] = [];
    for (const file of files)
      if (/from '(\.\.\/)+src\//.test(await readFile(join(root, file), 'utf8'))) fromSources.push(file);
    const told = [...onSources, ...inNodeOnly];
    expect(fromSources.filter((file) => !told.includes(file))).toEqual([]);
    // and nothing is told that is not so any more
    for (const file of told) if (file.startsWith(`test/${folder}/`)) expect(files).toContain(file);
  },
);

it.each(['run.ts', 'public-engines.ts', 'problems.ts', 'bits.ts'])(
  '%s, which they share, makes nothing of the sources',
  async (file) => {
    const text = await readFile(join(root, 'test/support', file), 'utf8');
    expect(text).not.toMatch(/from '(\.\.\/)+src\//);
  },
);
