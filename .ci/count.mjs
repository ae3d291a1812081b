// Reads vitest's JSON report: prints how many tests passed and how many failed, and appends a line for each failure to a file, so
// that whoever sees only the end of CI's output knows what it was. A test file that failed outside of its tests, as it was imported or
// in a hook, counts as one failure more.
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
  const tests = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${brief(failureMessages)}`);
  const outside = message || (status === 'failed' && tests.length === 0 && 'failed outside of its tests');
  return outside ? [...tests, `${file}: ${brief([outside])}`] : tests;
});

// the report does not say in which browser
appendFileSync(
  failures,
  failed.map((line) => `FAILED in the run on Node ${process.version}: ${line}\n`).join(''),
);
console.log(numPassedTests, failed.length);
