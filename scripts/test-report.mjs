/**
 * Reads what vitest's JSON reporter wrote about a project.
 *
 * A failure is one sentence. There is at least one when vitest's exit code is not 0, also when no test failed: a file
 * that could not be loaded, an error outside of any test, a report that was not written.
 *
 * @param {string} text the report; empty when there is none
 * @param {string} project
 * @param {number} exitCode vitest's
 * @returns {{ passed: number, failures: string[], skipped: string[] }}
 */
export function readReport(text, project, exitCode) {
  const failures = [];
  const skipped = [];
  let passed = 0;
  for (const file of parse(text)) {
    const before = failures.length;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failures.push(`${project}: ${test.fullName.trim()}`);
      else skipped.push(`Skipped in ${project}: ${test.fullName.trim()}`);
    }
    if (file.status === 'failed' && failures.length === before) {
      failures.push(`${project}: ${file.name}: ${String(file.message).split('\n')[0]}`);
    }
  }
  if (exitCode !== 0 && failures.length === 0) {
    failures.push(`${project}: vitest ended with exit code ${exitCode} without a failed test.`);
  }
  return { passed, failures, skipped };
}

function parse(text) {
  try {
    return JSON.parse(text).testResults;
  } catch {
    return [];
  }
}
