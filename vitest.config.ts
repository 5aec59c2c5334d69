import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/slowest-first.ts";

const MINUTE = 60_000;
/** Behind the end-to-end tests, a test of seconds has taken five minutes. Only one that hangs takes this long. */
const PATIENCE = 20 * MINUTE;

/** The file for the processor's seconds of each test file, where somebody asks for them. */
const TIMES = process.env["TIMELATCH_TEST_TIMES"];

/** Files that stand in for modules. A module that another file has loaded would not be replaced. */
const REPLACING = ["test/functions/**/*.test.ts", "test/lab/chaos/planted-defect.test.ts"];

/** `test/e2e` starts a whole sandbox in each file, and mostly waits. `npm test` runs both side by side. */
export default defineConfig({
  test: {
    globalSetup: "test/global-setup.ts",
    setupFiles: TIMES === undefined ? [] : ["test/processor-time.ts"],
    pool: "forks",
    // One more than there are cores: many a test waits for a program that it started.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A second, as usual, would be a bound of the machine's speed.
    expect: { poll: { timeout: MINUTE } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/lab/bench/**", ...REPLACING],
          // A process keeps its modules from file to file: loading them takes as long as the tests.
          isolate: false,
          setupFiles: "test/patient-calls.ts",
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "replacing",
          include: REPLACING,
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // They measure their own process, so they wait until the machine has less to do.
          name: "bench",
          include: ["test/lab/bench/**/*.test.ts"],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: [
            "test/e2e/assembly-cache.ts",
            "test/e2e/bundled-command.ts",
            "test/e2e/preloaded-aws.ts",
            "test/e2e/shared-engine.ts",
          ],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
