/**
 * Times on machines that others use as well: the median of five attempts, so that a neighbour who holds up one or two of them is not
 * taken for a delay of ours.
 */

const ATTEMPTS = 5;

/** Milliseconds: the median of what each attempt (0 to 4, one after the other) took. */
export async function medianTime(attempt: (index: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ATTEMPTS; i++) times.push(await attempt(i));
  return times.sort((a, b) => a - b)[ATTEMPTS >> 1]!;
}
