/** Prints the name of every file that is imported, a line each: for `node --import`. It registers itself as Node's loading hook. */
import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** Node calls it for each module, in a thread of its own. */
export function load(url, context, next) {
  if (url.startsWith('file:')) writeSync(1, `${fileURLToPath(url)}\n`);
  return next(url, context);
}
