/**
 * A contender that is written in Python (python/*.py, on Debian's packages): a process that waits for a line of JSON, works, and answers with
 * one. Arrays travel as files of raw numbers. Not here: what it does between the lines (python/peer.py).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The system's own: Debian's packages are installed for no other. */
const PYTHON = '/usr/bin/python3';

/** Settings that keep OpenBLAS from choosing the kernels of this processor. */
const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...environment } = process.env;

/**
 * Debian's PyTorch has two teams of threads, OpenMP's and OpenBLAS's. Where the first spins while it waits, two threads of both fight for two cores:
 * 28,000 samples/s of 784-256-128-10 instead of 95,000.
 */
const WAIT_POLICY = { OMP_WAIT_POLICY: 'PASSIVE' };

/**
 * @param {string} script in python/
 * @returns {Promise<{ version: string, work: (factory: string, problem: object) => Promise<import('../contender.js').Work> }>}
 * @throws {Error} with the code of a module that is not found when Python or one of the packages is not there
 */
export async function pythonPeer(script) {
  const child = spawn(PYTHON, [fileURLToPath(new URL(`python/${script}`, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environment, ...WAIT_POLICY },
  });
  const folder = mkdtempSync(join(tmpdir(), 'bench-python-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  child.on('error', () => {}); // shows as an end of its lines
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function next() {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script}: its process ended`);
    const answer = JSON.parse(value);
    if (answer.missing) throw notInstalled(answer.missing);
    return answer;
  }

  function ask(request) {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return next();
  }

  const { version } = await next().catch((error) => {
    throw child.exitCode === null && child.pid === undefined ? notInstalled(PYTHON) : error;
  });

  async function work(factory, problem) {
    const { objective } = await ask({ make: factory, problem: onDisk(problem, folder) });
    return {
      objective,
      run: (times) => ask({ run: times }),
      async outputs() {
        const file = join(folder, 'outputs');
        await ask({ outputs: file });
        return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
      },
    };
  }
  return { version, work };
}

const notInstalled = (what) =>
  Object.assign(new Error(`cannot find ${what}`), { code: 'ERR_MODULE_NOT_FOUND' });

/** The same object with a file's name and type in place of each typed array. */
function onDisk(problem, folder) {
  let files = 0;
  const stored = (value) => {
    if (ArrayBuffer.isView(value)) {
      const file = join(folder, `${files++}`);
      writeFileSync(file, value);
      return { file, type: value instanceof Int32Array ? 'int32' : 'float32' };
    }
    if (Array.isArray(value)) return value.map(stored);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, stored(part)]));
  };
  return stored(problem);
}
