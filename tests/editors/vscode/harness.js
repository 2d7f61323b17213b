// What a list of tests needs to run: in the driver and, since that is another process, in VS Code's extension host as well.

/** Only the tests whose names match are run: for those who work on one of them. */
const only = new RegExp(process.env.PYPREP_TEST ?? "");

/** Runs `tests` (name → async function) in order, telling `log` how each went; resolves to how many passed and failed. */
exports.run = async (tests, log) => {
  const count = { passed: 0, failed: 0 };
  for (const [name, test] of Object.entries(tests).filter(([name]) => only.test(name))) {
    try {
      await within(180_000, name, test());
      count.passed += 1;
      log(`ok   ${name}`);
    } catch (error) {
      count.failed += 1;
      log(`FAIL ${name}\n     ${error instanceof Error ? error.stack : error}`);
    }
  }
  return count;
};

/** Asks `probe` again and again until it answers something truthy, and gives that; fails after `patience` milliseconds. */
exports.until = async (what, probe, patience = 60_000) => {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
    await exports.sleep(50);
  }
};

exports.sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** `promise`, or a failure after so many milliseconds: a test that hangs is a test that fails. */
async function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
exports.within = within;
