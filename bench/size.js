/**
 * Question: how many bytes does a browser download? An entry with a package's public names is bundled as an application's would be (esbuild,
 * minified, code split), and each file that is loaded counts with gzip, as does the WebAssembly that is fetched beside the bundle. Which of our
 * chunks are loaded is not guessed: the bundle runs, and a hook (size/loaded.js) lists them.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { versionOf } from './against/installed.js';
import { NPM, OURS } from './peers.js';
import { measured, unmeasured } from './result.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * @typedef {{ name: string, install: string, version?: string, package?: string, modules: string[], names?: string[], beside?: string[], use?: string }} Download
 *   modules: what the entry exports again, all of it or these names; beside: files that are fetched at run time; use: what makes our entry load its chunks
 */

const peer = (name, modules, beside = []) => ({
  name,
  modules,
  beside: beside.map((file) => at(`against/node_modules/${file}`)),
  package: modules[0].replace(/\/wasm$/, ''),
  install: NPM,
});
const JAX = peer('jax-js', ['@jax-js/jax']);
const BRAIN = peer('brain.js', ['brain.js']);
const TFJS = peer(
  'tfjs-wasm',
  ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'],
  ['@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'],
);
const ONNX = peer(
  'onnxruntime-web',
  ['onnxruntime-web/wasm'],
  ['onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'],
);

const ours = (file, use, names) => ({ ...OURS, modules: [at(`../build/${file}.js`)], use, names });
const SAVED = `import { saved } from ${JSON.stringify(at('size/saved.js'))};`;
/** What a page does that learns: a model, some training, a prediction. */
const TRAINING = `(async () => {
  const model = await api.mlp({ inputs: 2, layers: [api.dense(2)], loss: 'softmaxCrossEntropy' });
  await model.fit([[0, 1], [1, 0]], [0, 1], { optimizer: api.sgd({ learningRate: 0.1 }) });
  return model.predict([[0, 1]]);
})()`;

export const question = {
  unit: 'kB',
  isCost: true,
  cases: [
    {
      name: 'wasmlp, every name',
      downloads: [ours('index', TRAINING), JAX, TFJS, BRAIN],
    },
    {
      name: 'wasmlp, an application that imports mlp, dense and sgd',
      downloads: [ours('index', TRAINING, ['mlp', 'dense', 'sgd'])],
    },
    {
      name: 'wasmlp/graph',
      downloads: [
        ours('graph', "(await api.compile({ y: api.exp(api.input('x', [1, 1])) }))({ x: 1 })"),
        JAX,
      ],
    },
    {
      name: 'wasmlp/infer',
      downloads: [
        ours('infer', '(await api.loadPredictor(await saved())).predict(Float32Array.of(0, 1))'),
        ONNX,
        TFJS,
      ],
    },
  ],
};

/** @returns {Promise<import('./result.js').Result[]>} */
export async function measure({ downloads }) {
  const results = [];
  for (const download of downloads) results.push(await sizeOf(download));
  return results;
}

/** @param {Download} download */
async function sizeOf({ package: from, beside = [], use, names, ...who }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-size-'));
  try {
    const entry = await bundled(who.modules, names ? `{ ${names} }` : '*', folder);
    const loaded = use ? await filesInUse(entry, use, folder) : reached(entry);
    const sizes = [...loaded, ...beside].map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
    const kilobytes = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000;
    const files = [...loaded, ...beside].map((file) => basename(file).replace(/-[A-Z0-9]{8}\./, '.'));
    return measured({ version: from && versionOf(from), ...who, note: files.join(' + ') }, [kilobytes]);
  } catch (error) {
    return unmeasured(who, String(error.stderr || error.message));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns {Promise<{ file: string, outputs: object, folder: string }>} the entry, and what the bundler says of its parts */
async function bundled(modules, what, folder) {
  const { metafile } = await build({
    stdin: {
      contents: modules.map((module) => `export ${what} from ${JSON.stringify(module)};`).join('\n'),
      resolveDir: at('against'),
    },
    absWorkingDir: folder,
    outdir: folder,
    entryNames: 'entry',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*', 'fs', 'path', 'util', 'crypto', 'os', 'worker_threads'],
    metafile: true,
    logLevel: 'silent',
  });
  return { file: 'entry.mjs', outputs: metafile.outputs, folder };
}

/** The entry and what it imports at once. */
function reached({ file, outputs, folder }) {
  const files = new Set();
  const visit = (name) => {
    if (files.has(name) || !(name in outputs)) return;
    files.add(name);
    for (const { path, kind } of outputs[name].imports) if (kind === 'import-statement') visit(path);
  };
  visit(file);
  return [...files].map((name) => join(folder, name));
}

/** What the entry has loaded when the first use of it is over. */
async function filesInUse({ file }, use, folder) {
  const script = join(folder, 'use.js');
  const lines = [`import * as api from './${file}';`, SAVED, `await ${use};`, 'process.exit();'];
  writeFileSync(script, lines.join('\n'));
  const args = ['--no-warnings', '--import', at('size/loaded.js'), script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.split('\n').filter((name) => name.startsWith(folder) && name !== script);
}
