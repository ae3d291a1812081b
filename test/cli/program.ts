/** The built program as a child process, and small data for it. Builds it first if nobody has. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { writeIdx } from '../../src/data/idx.js';
import { Random } from '../../src/random.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = join(root, 'build/cli.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for the tests of a file, and the program running in it. */
export function useProgram() {
  let folder = '';
  beforeAll(async () => {
    if (!existsSync(CLI)) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'ignore' });
    folder = await mkdtemp(join(tmpdir(), 'wasmlp-cli-'));
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const path = (name: string): string => join(folder, name);
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  const run = (...args: string[]): Promise<Ended> => ended(start(...args));
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
  };
  const read = (name: string): Promise<Buffer> => readFile(path(name));
  const list = (): Promise<string[]> => readdir(folder);

  /** One line, status 2, nothing on standard output, nothing written, here or to `kept`. */
  const expectRefused = async (args: string[], line: RegExp): Promise<void> => {
    await write('kept', 'what was there');
    const before = await list();
    const { status, stdout, stderr } = await run(...args);
    const told = stderr.split('\n').filter((text) => text.startsWith('wasmlp: '));
    expect(told).toEqual([expect.stringMatching(line)]);
    // before the line stands at most what training had already told
    expect(stderr.endsWith(`${told[0]}\n`)).toBe(true);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(await list()).toEqual(before);
    expect(String(await read('kept'))).toBe('what was there');
  };
  return { path, start, run, write, read, list, expectRefused };
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

/** The last line of a text as JSON. */
export function lastJson(text: string): Record<string, number> {
  return JSON.parse(text.trim().split('\n').at(-1)!);
}

/** Two blobs, told apart by x and y; the colour is noise, the note is free text. */
export function blobs(rows: number): string {
  const random = new Random(1, 'test blobs');
  const lines = Array.from({ length: rows }, (_, i) => {
    const side = i % 2;
    const [x, y] = [random.normal() + 3 * side, random.normal() - 3 * side];
    return `${x.toFixed(3)},${y.toFixed(3)},${['red', 'blue'][random.integer(2)]},note ${i},${side ? 'right' : 'left'}`;
  });
  return `x,y,colour,note,side\n${lines.join('\n')}\n`;
}

/** z = 100 + 20 x - 10 y, and a little noise. */
export function plane(rows: number): string {
  const random = new Random(2, 'test plane');
  const lines = Array.from({ length: rows }, () => {
    const [x, y] = [random.normal(), random.normal()];
    return `${x.toFixed(4)},${y.toFixed(4)},${(100 + 20 * x - 10 * y + random.normal()).toFixed(3)}`;
  });
  return `x,y,z\n${lines.join('\n')}\n`;
}

/** Images of 4 x 4, label 3 bright above and label 7 bright below, as two IDX files. */
export function halves(rows: number): { images: Uint8Array; labels: Uint8Array } {
  const random = new Random(3, 'test halves');
  const labels = Uint8Array.from({ length: rows }, (_, i) => (i % 2 ? 7 : 3));
  const pixels = Uint8Array.from({ length: rows * 16 }, (_, at) => {
    const below = at % 16 >= 8;
    const bright = below === (labels[Math.floor(at / 16)] === 7);
    return (bright ? 155 : 0) + random.integer(101);
  });
  return { images: writeIdx([rows, 4, 4], pixels), labels: writeIdx([rows], labels) };
}
