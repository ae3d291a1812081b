/**
 * Files, where the host has them: the only code of the library that touches a file system, and only when called with a name.
 */
import { wrongRange, wrongType } from '../errors.js';
import { importFromNode, isNode } from '../node.js';

type FileSystem = typeof import('node:fs/promises');

async function fileSystem(): Promise<FileSystem> {
  if (!isNode()) throw wrongType('file', 'bytes, because this host has no files', 'a file name');
  return importFromNode<FileSystem>('fs/promises');
}

/** The bytes of a model: those given, or in Node those of the file of this name. */
export async function readBytes(source: unknown): Promise<Uint8Array> {
  if (source === '') throw wrongRange('source', 'a file name or bytes', source);
  if (typeof source === 'string') return readFile(source);
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw wrongType('source', 'a file name or bytes', source);
}

export async function readFile(path: string): Promise<Uint8Array> {
  return (await fileSystem()).readFile(path);
}

/** Writes beside the file and renames: whoever opens it finds the old contents or the new ones, never a part. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const { writeFile, rename, rm } = await fileSystem();
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
