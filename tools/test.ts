/**
 * `npm test`: lint, types and tests. All of them run, even where one fails. The failures are shown
 * again at the end. The last line is `N passed, N failed`: each test counts, and lint and types
 * count one each.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";
import { type Result, readReport } from "./test-report.ts";

const HELP = `npm test -- [options] [FILE OR FOLDER]...

Runs lint, types and the tests: all of them, or those of the given files and folders.

  --changed                   only the quick tests that uncommitted changes touch
  -t, --testNamePattern TEXT  only tests whose title matches
  -u, --update                write snapshots again
  --bail N                    stop the tests after N failures
  --exclude GLOB              leave out files; may be repeated
  --project NAME              unit, replacing, bench or e2e
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

/** How a tool runs: `behind` gives other processes the processor first. */
type Rank = "normal" | "behind";

/** Runs a tool of the project under this Node.js and shows its output. @returns its exit code */
function run(
  title: string,
  script: string,
  args: readonly string[],
  rank: Rank = "normal",
): Promise<number> {
  process.stdout.write(`\n▶ ${title}\n`);
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (rank === "behind") putBehind(child);
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

/** A process that has ended, or was never started, has no priority. Its exit code says why. */
function putBehind({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, 10);
  } catch {
    return;
  }
}

/** Left out by `--changed`: sandboxes, thousands of simulated lives, fuzzing, storms. */
const SLOW = ["test/e2e/**", "test/lab/simulation/**", "test/fuzz/**", "test/lab/bench/**"];

/** `--changed` runs only quick tests. */
const chosen = (args: readonly string[]): readonly string[] =>
  args.includes("--changed") ? [...args, ...SLOW.map((each) => `--exclude=${each}`)] : args;

const asResult = (title: string, code: number): Result =>
  code === 0
    ? { passed: 1, failed: 0, failures: [] }
    : { passed: 0, failed: 1, failures: [[`✘ ${title}`]] };

async function tests(title: string, args: readonly string[], rank?: Rank): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-test-"));
  const report = path.join(folder, "report.json");
  try {
    const vitest = ["run", "--reporter=default", "--reporter=json"];
    const output = `--outputFile.json=${report}`;
    const code = await run(
      title,
      "node_modules/vitest/vitest.mjs",
      [...vitest, output, ...chosen(args)],
      rank,
    );
    return readReport(report, code, ROOT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const JAVA = 17;

/** The programs that this machine lacks, and how to install them. */
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

const lint = async (args: readonly string[], rank?: Rank) =>
  asResult("lint", await run("lint", "tools/lint.ts", args, rank));
const TSC = "node_modules/typescript/bin/tsc";

/** The page runs in a browser, so it has types of its own. */
const types = async (rank?: Rank) => {
  const page = await run("types of the page", TSC, ["-p", "console", "--singleThreaded"], rank);
  const rest = await run("types", TSC, ["--singleThreaded"], rank);
  return asResult("types", page === 0 ? rest : page);
};

/** All at once: each of them leaves part of a machine with two cores idle. */
const some = (args: readonly string[]): Promise<readonly Result[]> =>
  Promise.all([tests("tests", args), lint(args.filter((each) => each === "--changed")), types()]);

/**
 * End-to-end tests mostly wait, and have deadlines. The others run beside them, and behind them
 * where both want the processor.
 */
async function all(): Promise<readonly Result[]> {
  const endToEnd = tests("end-to-end tests", ["--project=e2e"]);
  const linted = await lint([], "behind");
  const typed = await types("behind");
  const unit = await tests(
    "other tests",
    ["unit", "replacing", "bench"].map((name) => `--project=${name}`),
    "behind",
  );
  return [linted, typed, unit, await endToEnd];
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
  const results = args.length > 0 ? await some(args) : await all();
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  for (const lines of results.flatMap((result) => result.failures))
    process.stdout.write(`\n${lines.join("\n")}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const commandLine = { script: "test", help: HELP, options: OPTIONS, takesArguments: true };
await runScript(commandLine, () => testAll(process.argv.slice(2)));
