/** Models as files: written whole or not at all, read by name. Node only. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FormatError, load, type Model } from 'wasmlp';
import { smallNetwork, xor } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

let folder: string;
let model: Model;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-test-'));
  model = await smallNetwork(xor, engines[0]!.engine);
});
afterEach(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

describe('a model in a file', () => {
  it('is the bytes that save gives, and comes back by name', async () => {
    const path = join(folder, 'xor.safetensors');
    const bytes = await model.save(path);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    using copy = await load(path);
    expect(copy.getParameters()).toEqual(model.getParameters());
    expect(await readdir(folder)).toEqual(['xor.safetensors']);
  });

  it('replaces what was there', async () => {
    const path = join(folder, 'xor.safetensors');
    await writeFile(path, 'x'.repeat(100_000));
    const bytes = await model.save(path);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  });

  it('that cannot be written leaves nothing behind, and the model as it was', async () => {
    const before = model.getParameters();
    await expect(model.save(join(folder, 'missing', 'xor.safetensors'))).rejects.toThrow('ENOENT');
    // a folder stands where the file should: everything is written before the last move is refused
    await expect(model.save(folder)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
    expect(
      (await readdir(join(folder, '..'))).filter((name) => join(folder, '..', name).startsWith(`${folder}.`)),
    ).toEqual([]);
    expect(model.getParameters()).toEqual(before);
  });

  it('that is missing, or no model, says so', async () => {
    await expect(load(join(folder, 'none.safetensors'))).rejects.toThrow('ENOENT');
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'not a model, only some words');
    await expect(load(path)).rejects.toThrow(FormatError);
  });
});
