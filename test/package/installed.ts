/** The package as a user gets it: packed from what was built, installed offline into an empty project. Node only. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Installed {
  /** Folder of the project that has wasmlp as its only dependency. */
  readonly project: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  /** Runs a program of the project's: standard output; rejects where the exit status is not 0. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Runs the text of an ES module in the project. */
  runModule(text: string): Promise<string>;
  remove(): Promise<void>;
}

/** Packs and installs. Throws where nothing was built. */
export async function install(): Promise<Installed> {
  if (!existsSync(join(root, 'build/types/src/index.d.ts')))
    throw new Error('package tests: expected the result of `npm run build` in build/, got none');
  const place = await mkdtemp(join(tmpdir(), 'package-test-'));
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', place];
  const { stdout } = await run('npm', pack, { cwd: root });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  const project = join(place, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const quiet = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', join('..', filename), ...quiet], { cwd: project });

  const runIn = async (program: string, ...args: string[]) =>
    (await run(program, args, { cwd: project })).stdout;
  return {
    project,
    files: files.map(({ path }) => path),
    run: runIn,
    runModule: (text) => runIn(process.execPath, '--input-type=module', '--eval', text),
    remove: () => rm(place, { recursive: true }),
  };
}
