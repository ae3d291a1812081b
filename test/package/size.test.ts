/**
 * What a browser downloads until the first use is over, as `npm run bench -- size` measures it. Each bound is a size that the package was once brought down to:
 * that it grows beyond it is to be a decision, not an accident. Who adds what few need makes it a chunk of its own, fetched when it is asked for. Needs
 * `npm run build`. Node only.
 */
import { describe, expect, it } from 'vitest';
import { measure, question } from '../../bench/size.js';

/** kB of gzip with the plain build of the machine. */
const BOUNDS = [
  ['wasmlp, every name', 47.2],
  ['wasmlp/infer', 15.0],
] as const;
/** The relaxed build may take so much more: two tiles where the plain one that predicts has one. */
const RELAXED = 0.3;

describe('a first use downloads at most', () => {
  it.each(BOUNDS)('%s: %d kB', async (name, most) => {
    const { downloads } = question.cases.find((one) => one.name === name)!;
    const [ours] = await measure({ downloads: downloads.slice(0, 1) });
    const { status, note, figure } = ours!;
    expect(status, note).toBe('measured');
    expect(figure!.median, note).toBeLessThanOrEqual(most + (note.includes('relaxed') ? RELAXED : 0));
  });
});
