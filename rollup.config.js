/** Bundles src into build: the library's entries and the program share chunks. Dependencies are bundled. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve as join } from 'node:path';
import { promisify } from 'node:util';
import zopfli from '@gfx/zopfli';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { build } from 'esbuild';
import esbuild from 'rollup-plugin-esbuild';

/**
 * `import text from './x.wasm'` gives the file deflated, in base64. A bundle is compressed once more on its way, but by something that knows no
 * wasm, or is in a hurry: the digits in hexadecimal take 13.5 KB of gzip, this takes 11.6, for a millisecond at the start.
 */
export function inlineWasm() {
  return {
    name: 'inline-wasm',
    async load(id) {
      if (!id.endsWith('.wasm')) return null;
      this.addWatchFile(id);
      const packed = await promisify(zopfli.zlib)(await readFile(id), { numiterations: 15 });
      return `export default ${JSON.stringify(Buffer.from(packed).toString('base64'))};`;
    },
  };
}

/** `import source from './x.ts?source'` gives the script, bundled by itself, as a string. */
export function inlineScript() {
  // cjs leaves `require` to the host, which has it or not; for other formats esbuild makes one that throws
  return generated('?source', async (entry) => bundled(entry, { minify: true, format: 'cjs' }));
}

/** `import value from './x.ts?value'` gives what the module exports by default, as JSON; it runs here and now. */
export function inlineValue() {
  return generated('?value', async (entry) => {
    const text = await bundled(entry, { format: 'esm' });
    const module = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
    return module.default;
  });
}

/** A module of what `make` makes of the file that an import with the mark names. */
function generated(mark, make) {
  return {
    name: `inline${mark}`,
    resolveId: (id, importer) => (id.endsWith(mark) && importer ? join(dirname(importer), id) : null),
    async load(id) {
      if (!id.endsWith(mark)) return null;
      const entry = id.slice(0, -mark.length);
      this.addWatchFile(entry);
      return `export default ${JSON.stringify(await make(entry))};`;
    },
  };
}

async function bundled(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    external: ['node:*'],
    target: 'es2022',
    write: false,
    ...options,
  });
  return outputFiles[0].text.trim();
}

/**
 * Every module gets the constants of the instruction set for itself, so that they are in its chunk and the minifier can write the numbers
 * where the names stand: shared by chunks, they would stay variables. And the functions of node.ts: for their sake alone, what is loaded lazily
 * would share a chunk with everything else.
 */
function ownCopies() {
  const mark = '?copy-for=';
  const copied = ['assembly/isa.js', 'src/node.js'].map((path) => join(path));
  return {
    name: 'own-copies',
    resolveId(id, importer) {
      const path = importer && join(dirname(importer), id);
      return copied.includes(path) ? path.replace(/js$/, `ts${mark}${importer}`) : null;
    },
    load: (id) => (id.includes(mark) ? readFile(id.split(mark)[0], 'utf8') : null),
  };
}

/**
 * The loader without its objects: it would give strings, arrays and classes of a module to JavaScript, and the machine exports functions of
 * numbers. What it instantiates is taken as it is, and is never a Response; hosts with SIMD have `hasOwn`. Tree shaking finds that nobody asks for the
 * rest (2.2 KB of gzip).
 */
function leanLoader() {
  const lean = [
    ['= preInstantiate(imports);', '= imports;'],
    ['= postInstantiate(extended, instance);', '= instance.exports;'],
    ['= new TextDecoder("utf-16le", { fatal: true });', '= null;'],
    ['if (isResponse(source = await source)) return instantiateStreaming(source, imports);', ''],
    ['Object.hasOwn = Object.hasOwn || function', 'const _ = function'],
  ];
  return {
    name: 'lean-loader',
    transform(code, id) {
      if (!id.includes('/@assemblyscript/loader/')) return null;
      for (const [text] of lean) if (!code.includes(text)) this.error(`the loader has no ${text}`);
      return lean.reduce((rest, [text, instead]) => rest.replaceAll(text, instead), code);
    },
  };
}

const entries = { index: 'src/index.ts', graph: 'src/graph.ts', infer: 'src/infer.ts' };

/**
 * As few chunks as there are ways to use the library: what everybody needs, what graphs need, what training needs. Left alone, the bundler makes a chunk
 * for every set of modules that a lazy import shares with an entry: twice as many files, 4 KB of gzip more and 2 ms at the start.
 */
function chunkOf(id, { getModuleInfo }) {
  const [index, graph, infer] = Object.values(entries).map((entry) =>
    importedBy(join(entry), getModuleInfo).has(id),
  );
  if (infer) return index || graph ? 'engine' : undefined;
  if (graph) return index ? 'graph' : undefined;
  return index ? 'training' : undefined;
}

/** Everything that an entry imports at once. */
const importedBy = memoized((entry, getModuleInfo) => {
  const found = new Set([entry]);
  for (const id of found) for (const imported of getModuleInfo(id).importedIds) found.add(imported);
  return found;
});

function memoized(compute) {
  const results = new Map();
  return (key, ...others) => {
    if (!results.has(key)) results.set(key, compute(key, ...others));
    return results.get(key);
  };
}

const plugins = [
  ownCopies(),
  leanLoader(),
  inlineWasm(),
  inlineScript(),
  inlineValue(),
  resolve({ preferBuiltins: true }),
  commonjs(),
  esbuild({ target: 'es2022', loaders: { '.json': 'json' } }),
];

/**
 * What users download; types keep the documentation, and what a bundler is told stays where it is told. Node prints the whole line that threw above an
 * uncaught error: all in one line, 16 kB of chunk hid the message.
 */
const minified = terser({
  module: true,
  ecma: 2022,
  compress: { passes: 3 },
  format: { comments: /webpackIgnore|@vite-ignore/, max_line_len: 500 },
});

export default [
  {
    input: { ...entries, inspect: 'src/inspect.ts', data: 'src/data.ts', cli: 'src/cli/main.ts' },
    output: {
      dir: 'build',
      format: 'es',
      chunkFileNames: 'chunks/[name].js',
      manualChunks: chunkOf,
      banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
      sourcemap: false,
      plugins: [minified],
    },
    external: [/^node:/],
    plugins,
  },
  // pure functions, which share nothing with what needs a machine
  {
    input: { metrics: 'src/metrics.ts' },
    output: { dir: 'build', format: 'es', sourcemap: false, plugins: [minified] },
    plugins,
  },
];
