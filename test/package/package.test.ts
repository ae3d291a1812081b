/** What package.json promises, tried on the packed and installed package. Needs `npm run build`. Node only. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, install, root } from './installed.js';

type Manifest = Record<string, unknown> & {
  exports: Record<string, string | { types: string; default: string }>;
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
let installed: Installed;

beforeAll(async () => {
  installed = await install();
}, 120_000);
afterAll(() => installed?.remove());

const XOR = `
  import { mlp, dense, adam, load } from 'wasmlp';
  import { compile, constant, grad, input, mul, sum } from 'wasmlp/graph';
  import { loadPredictor } from 'wasmlp/infer';
  const corners = [[0, 0], [0, 1], [1, 0], [1, 1]];
  const model = await mlp({ inputs: 2, layers: [dense(8, 'tanh'), dense(2)], loss: 'softmaxCrossEntropy', seed: 1 });
  await model.fit(corners, [0, 1, 1, 0], { epochs: 300, batchSize: 4, optimizer: adam({ learningRate: 0.05 }) });
  await model.save('xor.safetensors');
  const copy = await load('xor.safetensors');
  const predictor = await loadPredictor('xor.safetensors', { engine: copy.engine });
  const same = predictor.predict(corners).join() === copy.predict(corners).join();
  const x = input('x', [1, 2]);
  const run = await compile({ dx: grad(sum(mul(x, x)), [x])[0] }, { engine: copy.engine });
  console.log(JSON.stringify({ ...copy.evaluate(corners, [0, 1, 1, 0]), dx: [...run({ x: [3, 4] }).dx], same }));
`;

describe('the installed package', () => {
  it('trains, saves, loads, predicts and differentiates', async () => {
    const { accuracy, loss, dx, same } = JSON.parse(await installed.runModule(XOR));
    expect(accuracy).toBe(1);
    expect(loss).toBeLessThan(0.05);
    expect(dx).toEqual([6, 8]);
    expect(same).toBe(true);
  });

  it('says what it refuses where nobody catches it: no page of chunk stands above the message', async () => {
    const wrong = `import { dense, mlp } from 'wasmlp'; await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmax' });`;
    const { stderr } = await installed.runModule(wrong).catch((error) => error);
    expect(stderr).toMatch(/^RangeError: loss: expected one of .*, got "softmax"$/m);
    expect(stderr.length).toBeLessThan(2500);
  });

  it('does nothing when imported: no WebAssembly, no worker, no timer, no output', async () => {
    const watched = `
      import { syncBuiltinESMExports } from 'node:module';
      import workers from 'node:worker_threads';
      const touched = [];
      const watch = (object, name) => {
        object[name] = new Proxy(object[name], {
          apply: (...call) => (touched.push(name), Reflect.apply(...call)),
          construct: (...call) => (touched.push(name), Reflect.construct(...call)),
        });
      };
      for (const name of ['compile', 'instantiate', 'validate', 'Module', 'Instance', 'Memory']) watch(WebAssembly, name);
      for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) watch(globalThis, name);
      for (const name of Object.keys(console)) if (typeof console[name] === 'function') watch(console, name);
      watch(workers, 'Worker');
      syncBuiltinESMExports();
      const before = new Set(Reflect.ownKeys(globalThis));
      await import('wasmlp');
      await import('wasmlp/graph');
      await import('wasmlp/infer');
      await import('wasmlp/data');
      await import('wasmlp/metrics');
      const added = Reflect.ownKeys(globalThis).filter((name) => !before.has(name)).map(String);
      process.stdout.write(JSON.stringify([...touched, ...added]));
    `;
    expect(JSON.parse(await installed.runModule(watched))).toEqual([]);
  });

  it('is nothing in a bundle that only imports it', async () => {
    const entries = ['wasmlp', 'wasmlp/graph', 'wasmlp/infer', 'wasmlp/data', 'wasmlp/metrics'];
    const contents = entries.map((entry) => `import '${entry}';`).join('\n');
    const { outputFiles, warnings } = await build({
      stdin: { contents, resolveDir: installed.project },
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(outputFiles[0]!.text.replace(/\/\/.*/g, '').trim()).toBe('');
    // the bundler says that it left the imports out because of "sideEffects": false
    expect(warnings.map(({ id }) => id)).toEqual(entries.map(() => 'ignored-bare-import'));
  });

  it('predicts alone without compiler and training', async () => {
    const bundled = async (contents: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: installed.project },
        bundle: true,
        format: 'esm',
        splitting: true,
        outdir: 'out',
        write: false,
        logLevel: 'silent',
      });
      return outputFiles.map(({ text }) => text).join('\n');
    };
    // what the compiler, an optimizer and fit say when they refuse
    const said = ['has a circle', 'momentum', 'options.batchSize'];
    const everything = await bundled("export * from 'wasmlp'");
    const alone = await bundled("export * from 'wasmlp/infer'");
    for (const words of said)
      expect([everything.includes(words), alone.includes(words)], words).toEqual([true, false]);
  });

  const FIRST_STEP = `
    const model = await mlp({ inputs: 1, layers: [dense(1)], loss: 'meanSquaredError', seed: 1 });
    await model.fit([[1], [2]], [1, 2], { epochs: 1, optimizer: sgd({ learningRate: 0.1 }) });
    const predictor = await loadPredictor(await model.save());
    const same = predictor.predict([[1]]).join() === model.predict([[1]]).join();
  `;

  it('takes its first step with what Node has loaded already', async () => {
    const loading = `
      const before = new Set(process.moduleLoadList);
      const { dense, mlp, sgd } = await import('wasmlp');
      const { loadPredictor } = await import('wasmlp/infer');
      ${FIRST_STEP}
      // each of these takes milliseconds: what inflates, measures, streams or makes events
      const dear = /zlib|perf|stream|event_target|undici|webidl|worker/;
      const loaded = process.moduleLoadList.filter((name) => !before.has(name) && dear.test(name));
      console.log(same, loaded.join());
    `;
    expect(await installed.runModule(loading)).toBe('true \n');
  });

  it('carries the machine along where it is bundled', async () => {
    const imports = "import { dense, mlp, sgd } from 'wasmlp'; import { loadPredictor } from 'wasmlp/infer';";
    // what stands where the package would have its own files is somebody else's
    await mkdir(join(installed.project, 'bundled/machine'), { recursive: true });
    for (const name of ['plain', 'relaxed', 'plain-predict', 'relaxed-predict'])
      await writeFile(join(installed.project, `bundled/machine/${name}.wasm`), 'something else');
    await build({
      stdin: { contents: `${imports} ${FIRST_STEP} console.log(same);`, resolveDir: installed.project },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: join(installed.project, 'bundled/chunks/first-step.js'),
      logLevel: 'silent',
    });
    expect(await installed.run(process.execPath, 'bundled/chunks/first-step.js')).toBe('true\n');
  });

  it('does without threads where the host refuses them, and says why', async () => {
    const refusing = `
      import workers from 'node:worker_threads';
      import { syncBuiltinESMExports } from 'node:module';
      workers.Worker = class { constructor() { throw new Error('no workers here'); } };
      syncBuiltinESMExports();
      const { createEngine, dense, mlp } = await import('wasmlp');
      const engine = await createEngine({ threads: 2 });
      const model = await mlp({ inputs: 1, layers: [dense(1)], loss: 'meanSquaredError', engine });
      console.log(engine.info.threads, model.predict([[0]]).join(), engine.info.declined.join());
    `;
    expect(await installed.runModule(refusing)).toMatch(/^1 0 .*2 threads: .*no workers here/);
  });

  it('has one FormatError and one DataError, whichever entry throws it', async () => {
    const caught = `
      import { DataError, FormatError } from 'wasmlp';
      import { readCsv, readIdx } from 'wasmlp/data';
      const thrown = (call) => { try { call(); } catch (error) { return error; } };
      console.log(thrown(() => readIdx(new Uint8Array(9))) instanceof FormatError, thrown(() => readCsv('')) instanceof DataError);
    `;
    expect(await installed.runModule(caught)).toBe('true true\n');
  });

  it('bundles for browsers without asking for a module of Node', async () => {
    const { metafile } = await build({
      stdin: { contents: XOR, resolveDir: installed.project },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      splitting: true,
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
    expect(imported.filter(({ external }) => external)).toEqual([]);
  });

  it.skipIf(!existsSync(join(root, 'build/cli.js')))(
    'has a program that says which version it is',
    async () => {
      expect(await installed.run('npx', '--offline', 'wasmlp', '--version')).toContain(manifest.version);
    },
  );
});

/** Files of types say where a name comes from: by way of `export { name } from`. */
async function declaration(file: string, name: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const exported = [...text.matchAll(/export \{([^}]*)\} from '([^']+)\.js'/g)].find(([, names]) =>
    names!.split(',').some((one) => one.trim() === name),
  );
  if (exported) return declaration(join(dirname(file), `${exported[2]}.d.ts`), name);
  const declared = new RegExp(`(\\*/\\n)?export declare (?:function|const|class) ${name}\\b`).exec(text);
  expect(declared, `${name} in ${file}`).not.toBeNull();
  return declared![0];
}

describe('every name says in an editor what it is:', () => {
  const entries = Object.entries(manifest.exports).flatMap(([entry, files]) =>
    typeof files === 'string' ? [] : [[entry.replace('.', 'wasmlp'), files.types] as const],
  );
  it.each(entries)('%s', async (entry, types) => {
    const listed = `console.log(Object.keys(await import('${entry}')).join())`;
    const names = (await installed.runModule(listed)).trim().split(',');
    const silent: string[] = [];
    for (const name of names)
      if (!(await declaration(join(root, types), name)).startsWith('*/')) silent.push(name);
    expect(silent).toEqual([]);
  });
});

describe('package.json', () => {
  it('asks for nothing: no dependencies, no scripts at install, no native build', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(manifest[kind], kind).toBeUndefined();
    for (const moment of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts[moment], moment).toBeUndefined();
    expect(installed.files.some((path) => path.endsWith('binding.gyp'))).toBe(false);
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false, engines: { node: '>=20' } });
  });

  it('exports and names files that are there, with types', () => {
    const promised = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : [target.types, target.default],
    );
    for (const path of [...promised, ...Object.values(manifest.bin)])
      expect(installed.files, path).toContain(path.replace('./', ''));
    for (const [name, target] of Object.entries(manifest.exports))
      if (!/\.(wasm|json)$/.test(name)) expect(target, name).toHaveProperty('types');
  });

  it('every file is there for a reason', async () => {
    const names = ['index', 'graph', 'infer', 'inspect', 'data', 'metrics', 'cli'];
    const entries = names.map((name) => `build/${name}.js`);
    const { metafile } = await build({
      absWorkingDir: join(installed.project, 'node_modules/wasmlp'),
      entryPoints: entries.filter((path) => installed.files.includes(path)),
      bundle: true,
      format: 'esm',
      platform: 'node',
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const reachable = new Set(Object.keys(metafile.inputs));
    const others = installed.files.filter((path) => !reachable.has(path));
    const expected =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|build\/types\/.*\.d\.ts|build\/machine\/(plain|relaxed|relaxed-wide)(-threads|-predict)?\.wasm)$/;
    expect(others.filter((path) => !expected.test(path))).toEqual([]);
  });

  it('nothing in it names the machine that built it', async () => {
    for (const path of installed.files)
      if (/\.(js|ts|json|md)$/.test(path)) expect((await text(path)).includes(root), path).toBe(false);
  });

  it('the machine inlined is the machine exported', async () => {
    const alone = ['plain', 'relaxed', 'relaxed-wide'];
    const others = ['plain-predict', 'relaxed-predict', ...alone.map((name) => `${name}-threads`)];
    for (const name of [...alone, ...others]) {
      const bytes = await readFile(join(installed.project, `node_modules/wasmlp/build/machine/${name}.wasm`));
      expect(WebAssembly.validate(bytes) || name.startsWith('relaxed')).toBe(true);
      const [packed] = (await text(`build/chunks/${name}.js`)).match(/[\w+/]{1000,}=*/)!;
      expect(inflateSync(Buffer.from(packed, 'base64')).equals(bytes)).toBe(true);
    }
  });
});

it('exports no class but errors: engines and models are made by functions alone', async () => {
  const listed = `
    import * as networks from 'wasmlp';
    import * as graphs from 'wasmlp/graph';
    import * as inference from 'wasmlp/infer';
    import * as inspection from 'wasmlp/inspect';
    import * as data from 'wasmlp/data';
    const classes = [networks, graphs, inference, inspection, data]
      .flatMap((names) => Object.values(names))
      .filter((value) => /^class\\b/.test(String(value)));
    console.log(classes.map(({ name, prototype }) => (prototype instanceof Error ? 'Error' : name)).join());
  `;
  const names = (await installed.runModule(listed)).trim().split(',');
  expect(new Set(names)).toEqual(new Set(['Error']));
});

describe('types', () => {
  const program = `
    import { adam, createEngine, dense, dropout, type Engine, type EpochReport, type History, load, type Model, mlp } from 'wasmlp';
    import { compile, grad, input, type Node, sum, square } from 'wasmlp/graph';
    import { type Digits, generateDigits, readCsv, type Table } from 'wasmlp/data';
    import { loadPredictor, type Predictor } from 'wasmlp/infer';
    import { checkGradients, type GradientCheck, graphOf, svg, type Trace, trace } from 'wasmlp/inspect';
    const model: Model = await mlp({ inputs: 2, layers: [dense(4, 'relu'), dropout(0.5), dense(1)], loss: 'meanSquaredError' });
    const history: History = await model.fit([[1, 2]], [3], {
      optimizer: adam(),
      onEpoch: (report: EpochReport) => report.loss.toFixed(3),
    });
    const loss: number | undefined = history.loss.at(-1);
    const x: Node = input('x', [1, 2]);
    const run = await compile({ dx: grad(sum(square(x)), [x])[0]! }, { engine: await createEngine({ reproducible: true }) });
    const dx: number | Float32Array = run({ x: [1, 2] }).dx;
    const copy = await load(await model.save());
    const predictor: Predictor = await loadPredictor(await model.save(), { reproducible: true });
    const predicted: Float32Array = predictor.predict([[1, 2]], new Float32Array(1));
    const traced: Trace = trace(sum(square(x)), { x: [1, 2] });
    const report: GradientCheck = checkGradients(graphOf(model).loss, graphOf(model).values);
    const picture: string = svg({ loss: graphOf(model).loss }, { trace: traced });
    const digits: Digits = generateDigits(1, 1);
    const table: Table = readCsv('a,b\\n1,2');
    // @ts-expect-error: no such activation
    dense(4, 'magic');
    // @ts-expect-error: no such output
    run({}).dy;
    // what an engine does with its memory is nobody else's: no other member is published
    type Members = 'info' | 'memory' | 'isDisposed' | 'dispose' | typeof Symbol.dispose;
    const more: Exclude<keyof Engine, Members> extends never ? 'none' : keyof Engine = 'none';
    console.log(loss, dx, more, digits.labels, table.rows, report.worst.error, picture, copy.predict(new Float32Array(2)));
  `;

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('compile strictly with module %s, resolution %s', async (module, moduleResolution) => {
    const file = join(installed.project, `types-${module}.ts`);
    await writeFile(file, program);
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const args = [...options, '--module', module, '--moduleResolution', moduleResolution, file];
    const complaints = await installed
      .run(process.execPath, compiler, ...args)
      .catch((error) => error.stdout);
    expect(complaints).toBe('');
  });
});

async function text(path: string): Promise<string> {
  return readFile(join(installed.project, 'node_modules/wasmlp', path), 'utf8');
}
