/** The workflow that is an example for keepers of a policy: what its steps run, run here. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
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
afterEach(() => void git("checkout", "-q", "."));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script of a step as GitHub does. @returns what it printed */
const play = (script: string, env: Readonly<Record<string, string>> = {}) =>
  execFileSync("bash", ["-e", "-o", "pipefail", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
  });

/** Runs a script that fails. @returns its exit code, and what it printed */
function failing(script: string): { readonly code: number; readonly printed: string } {
  try {
    play(script);
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { code: status, printed: stdout };
  }
  throw new Error("It did not fail.");
}

/** Changes a file of the pull request. */
function edit(name: string, from: string | RegExp, to: string): void {
  const before = readFileSync(path.join(folder, name), "utf8");
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${name} has no ${from}.`);
  writeFileSync(path.join(folder, name), after);
}
/** Nobody has to agree to changes of payments. */
const ALONE = "approval: none\n    reason";

const runner = (name: string) => path.join(folder, "runner", name);

/** Compares the pull request with its base. @returns the comment, which is the summary too */
function compared(): string {
  for (const name of ["before", "diff.md", "summary", "output"])
    rmSync(runner(name), { recursive: true, force: true });
  git("worktree", "prune");
  play(steps.find(({ id }) => id === "diff")?.run ?? "false", {
    BASE: git("rev-parse", "HEAD"),
    RUNNER_TEMP: runner(""),
    GITHUB_STEP_SUMMARY: runner("summary"),
    GITHUB_OUTPUT: runner("output"),
  });
  const output = readFileSync(runner("output"), "utf8");
  const [, end = "", comment = ""] = /^comment<<(.+)\n([\s\S]*)\n\1\n$/.exec(output) ?? [];
  expect(end).toMatch(/^[0-9a-f]{32}$/);
  expect(`${comment}\n`).toBe(readFileSync(runner("summary"), "utf8"));
  return comment;
}

/** Has a stand-in for `gh` comment. @param earlier its answer to the search for an earlier comment @returns its calls */
function commented(
  earlier: string,
  env: Readonly<Record<string, string>>,
): readonly (readonly string[])[] {
  const bin = path.join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const calls = path.join(folder, "calls");
  rmSync(calls, { force: true });
  const lines = [
    "#!/bin/sh",
    `printf '%s\\0' "$@" >> ${calls}; printf '\\n' >> ${calls}`,
    `case "$*" in *--paginate*) printf '%s' '${earlier}';; esac`,
  ];
  writeFileSync(path.join(bin, "gh"), `${lines.join("\n")}\n`, { mode: 0o755 });
  const script = WORKFLOW.jobs["comment"]?.steps[0]?.run ?? "false";
  play(script, { ...env, RUNNER_TEMP: runner(""), PATH: `${bin}:${process.env["PATH"]}` });
  return readFileSync(calls, "utf8")
    .split("\0\n")
    .slice(0, -1)
    .map((call) => call.split("\0"));
}

describe("The workflow for a change of the policy", () => {
  it("The workflow checks and tests a sound policy without a failure", () => {
    const scripts = steps.flatMap(({ run = "" }) =>
      /^cli\/timelatch policy (?:check|test) /.test(run) ? [run] : [],
    );
    expect(scripts).toHaveLength(2);
    for (const script of scripts) play(script);
  });

  it("The workflow hands on a comment that says who gains what, whole and in one output", () => {
    edit("access.yaml", "max: 4h", "max: 6h");
    expect(compared()).toContain("for up to 6h (before: for up to 4h)");
  });

  it("A change that breaks a claim fails the check at the claim's line, with who suffices", () => {
    const scripts = steps.flatMap(({ run = "" }) =>
      run.startsWith("cli/timelatch policy test ") ? [run] : [],
    );
    edit("access.yaml", "approval: [{ groups: [payments-leads], count: 1 }]\n    reason", ALONE);
    const { code, printed } = failing(scripts[0] ?? "");
    expect(code).toBe(11);
    expect(printed).toMatch(
      /^::error file=access\.test\.yaml,line=136,col=5,title=timelatch policy%3A claim-broken::"nobody alone changes payments on prod, but by breaking the glass" does not hold\. alice suffices/m,
    );
  });

  it("A change that takes the claim away instead says so first, in a new comment or in the earlier one", () => {
    edit("access.yaml", "approval: [{ groups: [payments-leads], count: 1 }]\n    reason", ALONE);
    edit(
      "access.test.yaml",
      / {2}- name: nobody alone changes payments[\s\S]*?(?= {2}- name: )/,
      "",
    );
    const comment = compared();
    const body = comment.split("\n").filter((line) => line !== "");
    expect(body[0]).toBe("### What this change of the access policy does");
    expect(body.slice(1, 4).join("\n")).toContain("nobody alone changes payments on prod");
    const pull = { GH_REPO: "example/access", NUMBER: "7", COMMENT: comment };
    expect(commented("", pull)).toEqual([
      ["api", "repos/example/access/issues/7/comments", "--paginate", "--jq", expect.any(String)],
      ["pr", "comment", "7", "--body-file", expect.stringContaining("diff.md")],
    ]);
    expect(commented("4711\n", pull)[1]).toEqual([
      ...["api", "--method", "PATCH", "repos/example/access/issues/comments/4711"],
      ...["-F", expect.stringMatching(/^body=@.*diff\.md$/), "--silent"],
    ]);
    expect(readFileSync(runner("diff.md"), "utf8")).toBe(`${comment}\n`);
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
