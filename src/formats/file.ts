/**
 * Files, where the host has them: fetched when a model has a name (bytes.ts), or is given one. Not here: the machine's own files (src/engine/builds.ts).
 */
import { importFromNode, isNode } from '../node.js';

type FileSystem = typeof import('node:fs/promises');

async function fileSystem(): Promise<FileSystem> {
  // in its own words: with errors.js, which everybody has, it would pull apart the chunk of those who fetch this one
  if (!isNode()) throw new TypeError('file: expected bytes, because this host has no files, got a file name');
  return importFromNode<FileSystem>('fs/promises');
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
