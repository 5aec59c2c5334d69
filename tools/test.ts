/**
 * `npm test`: lint, types and tests. All three run, even where one fails. The last line is
 * `N passed, N failed`: each test counts, and lint and types count one each.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runScript } from "./command-line.ts";

const HELP = `npm test -- [options] [FILE OR FOLDER]...

Runs lint, types and the tests: all of them, or those of the given files and folders.

  --changed                   only the quick tests that uncommitted changes touch
  -t, --testNamePattern TEXT  only tests whose title matches
  -u, --update                write snapshots again
  --bail N                    stop the tests after N failures
  --exclude GLOB              leave out files; may be repeated
  --project NAME              unit or e2e
  --reporter NAME             another of vitest's reporters besides the default; may be repeated
  --testTimeout MS            how long a test may take
  --help                      print this
`;

/** These go to vitest as they are. */
const OPTIONS = {
  changed: { type: "boolean" },
  testNamePattern: { type: "string", short: "t" },
  update: { type: "boolean", short: "u" },
  bail: { type: "string" },
  exclude: { type: "string", multiple: true },
  project: { type: "string" },
  reporter: { type: "string", multiple: true },
  testTimeout: { type: "string" },
} as const;

const ROOT = path.resolve(import.meta.dirname, "..");

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Runs a tool of the project under this Node.js and shows its output. @returns its exit code */
function run(title: string, script: string, args: readonly string[]): Promise<number> {
  process.stdout.write(`\n▶ ${title}\n`);
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return new Promise((resolve) => {
    const done = (code: number) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      process.stdout.write(`${code === 0 ? "✔" : "✘"} ${title}\n`);
      resolve(code);
    };
    child.once("error", (error) => {
      process.stdout.write(`${script} could not be started: ${error.message}. Run 'npm ci'.\n`);
      done(1);
    });
    child.once("exit", (code) => done(code ?? 1));
  });
}

/** Left out by `--changed`: sandboxes, thousands of simulated lives, fuzzing, storms. */
const SLOW = ["test/e2e/**", "test/simulation/**", "test/fuzz/**", "test/bench/**"];

/** `--changed` runs only quick tests. */
const chosen = (args: readonly string[]): readonly string[] =>
  args.includes("--changed") ? [...args, ...SLOW.map((each) => `--exclude=${each}`)] : args;

const asCount = (code: number): Count =>
  code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** Runs vitest. A failure without a failed test, such as a file that does not load, counts as one. */
async function tests(args: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-test-"));
  const report = path.join(folder, "report.json");
  try {
    const code = await run("tests", "node_modules/vitest/vitest.mjs", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...chosen(args),
    ]);
    const counted = readReport(report);
    if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1 };
    return counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): Count {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
    };
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    // Vitest ended before it wrote a report; its exit code says so.
    return { passed: 0, failed: 0 };
  }
}

const JAVA = 17;

/** What this machine lacks, and how to install it. */
function missing(): readonly string[] {
  const found = /version "(?:1\.)?(\d+)/.exec(
    spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "",
  );
  if (Number(found?.[1] ?? 0) >= JAVA) return [];
  return [
    [
      `The tests run DynamoDB Local, which needs Java ${JAVA} or newer; ${found ? `this is Java ${found[1]}` : "no java was found"}. Install it:`,
      "  Debian, Ubuntu:  apt-get install -y --no-install-recommends default-jre-headless",
      "  macOS:           brew install openjdk@21 && sudo ln -sfn $(brew --prefix)/opt/openjdk@21/libexec/openjdk.jdk /Library/Java/JavaVirtualMachines/",
      "  Windows:         winget install EclipseAdoptium.Temurin.21.JRE",
    ].join("\n"),
  ];
}

async function testAll(args: readonly string[]): Promise<number> {
  process.stdout.write(`Node.js ${process.version}\n`);
  const faults = missing();
  if (faults.length > 0) {
    process.stdout.write(
      `${faults.join("\n")}\nNothing was run.\n0 passed, ${faults.length} failed\n`,
    );
    return 1;
  }
  const counts = [
    asCount(await run("lint", "tools/lint.ts", [])),
    asCount(await run("types", "node_modules/typescript/bin/tsc", [])),
    await tests(args),
  ];
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const commandLine = { script: "test", help: HELP, options: OPTIONS, takesArguments: true };
await runScript(commandLine, () => testAll(process.argv.slice(2)));
