/** The workflow that is an example for keepers of a policy: what its steps run, run here. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly id?: string;
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>
  >;
}
const FILE = ".github/workflows/access-policy.yml";
const WORKFLOW = parse(read(FILE)) as Workflow;
const steps = Object.values(WORKFLOW.jobs).flatMap((job) => job.steps);

let folder = "";
const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
  }).trim();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-workflow-"));
  git("init", "-q");
  for (const file of ["access.yaml", "access.test.yaml"])
    writeFileSync(path.join(folder, file), read(file));
  git("add", ".");
  git("commit", "-qm", "The policy");
  mkdirSync(path.join(folder, "cli"));
  symlinkSync(path.join(ROOT, "cli/timelatch"), path.join(folder, "cli/timelatch"));
  mkdirSync(path.join(folder, "runner"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script of a step as GitHub does. @returns what it printed */
const play = (script: string, env: Readonly<Record<string, string>> = {}) =>
  execFileSync("bash", ["-e", "-o", "pipefail", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
  });

describe("The workflow for a change of the policy", () => {
  it("The workflow checks and tests a sound policy without a failure", () => {
    const scripts = steps.flatMap(({ run = "" }) =>
      /^cli\/timelatch policy (?:check|test) /.test(run) ? [run] : [],
    );
    expect(scripts).toHaveLength(2);
    for (const script of scripts) play(script);
  });

  it("The workflow hands on a comment that says who gains what, whole and in one output", () => {
    const before = git("rev-parse", "HEAD");
    const changed = read("access.yaml").replace("max: 4h", "max: 6h");
    writeFileSync(path.join(folder, "access.yaml"), changed);
    const runner = (name: string) => path.join(folder, "runner", name);
    play(steps.find(({ id }) => id === "diff")?.run ?? "false", {
      BASE: before,
      RUNNER_TEMP: runner(""),
      GITHUB_STEP_SUMMARY: runner("summary"),
      GITHUB_OUTPUT: runner("output"),
    });
    const summary = readFileSync(runner("summary"), "utf8");
    expect(summary).toContain("for up to 6h (before: for up to 4h)");
    const [, end = "", comment] =
      /^comment<<(.+)\n([\s\S]*)\n\1\n$/.exec(readFileSync(runner("output"), "utf8")) ?? [];
    expect(end).toMatch(/^[0-9a-f]{32}$/);
    expect(`${comment}\n`).toBe(summary);
  });

  it("The job that may write runs nothing of the pull request, and no script holds a value of it", () => {
    expect(WORKFLOW.permissions).toEqual({ contents: "read" });
    for (const [name, job] of Object.entries(WORKFLOW.jobs)) {
      const isWriting = job.permissions !== undefined;
      expect({ name, isWriting }).toEqual({ name, isWriting: name === "comment" });
      if (isWriting) expect(job.steps.filter(({ uses }) => uses !== undefined)).toEqual([]);
    }
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });
});
