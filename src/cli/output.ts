/** Files the program writes: looked at before the work that fills them, replaced as a whole after it. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './failure.js';

/** Refuses a name that could not be written in the end. Writes nothing. */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const above = await stat(folder).catch(() => undefined);
  if (!above?.isDirectory())
    throw new UsageError(`--out: expected an existing folder, found none at ${folder}`);
  const present = await stat(path).catch(() => undefined);
  if (present && !present.isFile())
    throw new UsageError(`--out: expected the name of a file, found something else at ${path}`);
  for (const needed of present ? [folder, path] : [folder])
    await access(needed, constants.W_OK).catch(() => {
      throw new UsageError(`--out: expected permission to write to ${needed}, found none`);
    });
}
