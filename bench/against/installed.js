/**
 * Where a peer lies in this folder's node_modules, and which version. Not here: importing it.
 */
import { readFileSync } from 'node:fs';

/** The URL of a package's folder, with a slash at its end. */
export const folderOf = (name) => new URL(`node_modules/${name}/`, import.meta.url);

/**
 * @param {string} name of the package
 * @returns {string}
 * @throws {Error} ENOENT when it is not installed
 */
export const versionOf = (name) =>
  JSON.parse(readFileSync(new URL('package.json', folderOf(name)), 'utf8')).version;
