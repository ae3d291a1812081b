/**
 * Compiles the machine: every target of asconfig.json, or those that are named.
 *
 * Binaryen, which optimizes what AssemblyScript makes, inlines nothing: what stands in several places because it is faster so is marked @inline in
 * the sources, all else is in the module once. Left alone, it copies whatever is short: 3 % more to download, and nothing faster.
 */
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import { Transform } from 'assemblyscript/transform';

class AsWritten extends Transform {
  /** Runs before the optimizer. */
  afterCompile(module) {
    this.binaryen.setPassArgument('no-inline', '*');
    module.runPasses(['no-inline']);
  }
}

const { targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'));
const named = process.argv.slice(2);

for (const target of named.length > 0 ? named : Object.keys(targets)) {
  const { error } = await asc.main(['--target', target], {
    stdout: process.stdout,
    stderr: process.stderr,
    transforms: [AsWritten],
  });
  if (error) process.exit(1);
}
