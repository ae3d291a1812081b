/** Which losses `wasmlp train` offers for which target: one output a class, or one for a standardised number. What they are is src/nn's. */
import type { Target } from '../data/index.js';
import { allLosses } from '../nn/losses/all.js';
import type { Loss } from '../nn/losses/loss.js';
import type { LossName } from '../nn/losses/table.js';
import { UsageError } from './failure.js';

type Kind = Target['kind'];

export const DEFAULT_LOSS = { classes: 'softmaxCrossEntropy', number: 'meanSquaredError' } as const;

/** Of standardised numbers half are negative, so no counts; and there is one output for each. */
const suits: Readonly<Record<Kind, (loss: Loss) => boolean>> = {
  classes: ({ tells }) => tells === 'class',
  number: ({ tells, range, outputsPerTarget }) =>
    tells === 'numbers' && range[0] === -Infinity && outputsPerTarget === undefined,
};

export function lossNames(kind: Kind): LossName[] {
  return (Object.keys(allLosses) as LossName[]).filter((name) => suits[kind](allLosses[name]));
}

export function lossFor(kind: Kind, chosen: LossName = DEFAULT_LOSS[kind]): LossName {
  const names = lossNames(kind);
  if (names.includes(chosen)) return chosen;
  const what = kind === 'classes' ? 'classes' : 'a number';
  throw new UsageError(`--loss: expected for ${what} one of ${names.join(', ')}, got ${chosen}`);
}
