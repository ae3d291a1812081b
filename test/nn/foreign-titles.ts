/** Cases of foreign runs by name: the suites say it where they try one, and docs/lectures.md where it names its test. */
import vectors from '../vectors/losses.json' with { type: 'json' };
import { optimizerVectors } from '../vectors/vectors.js';

export const lossCases = vectors.cases.map((each) => ({
  ...each,
  title: `${JSON.stringify(each.loss)} of ${each.targets.length} targets ${Object.keys(each.weights)}`.trim(),
}));

export const optimizerRuns = optimizerVectors.runs.map((run) => ({
  ...run,
  title: `${run.algorithm} ${JSON.stringify(run.options)}`,
}));
