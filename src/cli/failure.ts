/**
 * How the program ends when it cannot do what was asked: what the user can put right is one line on standard error and status 2;
 * anything else is a mistake of ours, told with its stack and status 1.
 */
import { CommanderError } from 'commander';
import { DataError, DivergenceError, FormatError } from '../errors.js';

/** Wrong usage. The message says what is wrong, where, and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const STATUS = { ok: 0, bug: 1, refused: 2, interrupted: 130 } as const;

/** Tells on standard error why the program ends, and returns its exit status. */
export function report(error: unknown): number {
  // Help and version end commander's work by an exception; it has printed them already.
  if (error instanceof CommanderError && error.exitCode === 0) return STATUS.ok;
  if (error instanceof CommanderError && error.code === 'commander.help') return STATUS.refused;
  const line = refusal(error);
  console.error(line === undefined ? error : `wasmlp: ${line.replace(/\s*\n\s*/g, ' ')}`);
  return line === undefined ? STATUS.bug : STATUS.refused;
}

/** Runs `work`; what it refuses about data or a file gets `place` in front, unless the message begins with it. */
export async function within<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const line = refusal(error);
    if (line === undefined || line.startsWith(place)) throw error;
    throw new UsageError(`${place}: ${line}`, { cause: error });
  }
}

/** What an expected error says; undefined for any other. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CommanderError) return error.message.replace(/^error: /, '');
  if ([UsageError, DataError, FormatError, DivergenceError].some((kind) => error instanceof kind))
    return error.message;
  if ('syscall' in error && 'code' in error) return fileRefusal(error as NodeJS.ErrnoException);
  // What the library refuses, in the words of errors.ts: memory that the host does not grant, above all.
  return /^[\w.[\]']+: expected .+, got /.test(error.message) ? error.message : undefined;
}

const FILE_REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'expected a file, found nothing there',
  EISDIR: 'expected a file, found a folder',
  ENOTDIR: 'expected a folder above it, found a file',
  EACCES: 'expected permission to use it, found none',
  EROFS: 'expected to be able to write there, found a read-only file system',
  ENOSPC: 'expected room to write, found the disk full',
};

function fileRefusal({ code, path, message }: NodeJS.ErrnoException): string {
  const why = FILE_REFUSALS[code ?? ''] ?? message;
  return path === undefined ? why : `${path}: ${why}`;
}
