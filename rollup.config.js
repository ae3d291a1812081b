/** Bundles src into build: the library's entries and the program share chunks. Dependencies are bundled. */
import { readFile } from 'node:fs/promises';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';

/** `import bytes from './x.wasm'` gives the file as a base64 string. */
export function inlineWasm() {
  return {
    name: 'inline-wasm',
    async load(id) {
      if (!id.endsWith('.wasm')) return null;
      this.addWatchFile(id);
      return `export default ${JSON.stringify((await readFile(id)).toString('base64'))};`;
    },
  };
}

const plugins = [
  inlineWasm(),
  resolve({ preferBuiltins: true }),
  commonjs(),
  esbuild({ target: 'es2022', loaders: { '.json': 'json' } }),
];

export default [
  {
    input: { index: 'src/index.ts', graph: 'src/graph.ts', cli: 'src/cli/main.ts' },
    output: {
      dir: 'build',
      format: 'es',
      chunkFileNames: 'chunks/[name].js',
      banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
      sourcemap: false,
    },
    external: [/^node:/],
    plugins,
  },
];
