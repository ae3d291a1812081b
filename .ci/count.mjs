// Reads vitest's JSON report: prints how many tests passed and how many failed, and appends a line for each failure to a file, so
// that whoever sees only the end of CI's output knows what it was. A file that could not be read counts as one failure.
//
//   node .ci/count.mjs REPORT FAILURES

import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [report, failures] = process.argv.slice(2);
const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));

/** The first lines of what a failure says: enough for the figure that missed its bound. */
const brief = (messages) => messages.join('\n').split('\n').slice(0, 3).join(' | ').slice(0, 400);

const failed = testResults.flatMap(({ name, status, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && tests.length === 0) return [`${file}: ${brief([message])}`];
  return tests.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${brief(failureMessages)}`);
});

appendFileSync(failures, failed.map((line) => `FAILED on Node ${process.version}: ${line}\n`).join(''));
console.log(numPassedTests, failed.length);
