/** Bundles src into build: the library's entries and the program share chunks. Dependencies are bundled. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve as join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
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

/** `import source from './x.ts?source'` gives the script, bundled by itself, as a string. */
export function inlineScript() {
  const mark = '?source';
  return {
    name: 'inline-script',
    resolveId: (id, importer) => (id.endsWith(mark) && importer ? join(dirname(importer), id) : null),
    async load(id) {
      if (!id.endsWith(mark)) return null;
      const entry = id.slice(0, -mark.length);
      this.addWatchFile(entry);
      const { outputFiles } = await build({
        entryPoints: [entry],
        bundle: true,
        minify: true,
        format: 'iife',
        external: ['node:*'],
        target: 'es2022',
        write: false,
      });
      return `export default ${JSON.stringify(outputFiles[0].text.trim())};`;
    },
  };
}

const plugins = [
  inlineWasm(),
  inlineScript(),
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
