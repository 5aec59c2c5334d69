import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CACHED, cacheFolder, refreshCompletions } from "../../../cli/completion/cached-values.ts";
import { commandTree } from "../../../cli/completion/command-tree.ts";
import { completionScript } from "../../../cli/completion/completion-script.ts";
import { buildProgram } from "../../../cli/program.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { EDIT_RULE, LENT } from "../sample-access.ts";
import { answerTo, asked } from "../sample-requests.ts";

const PENDING = answerTo(asked());

let base: string;
let env: Record<string, string>;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "timelatch-cache-"));
  env = { XDG_CACHE_HOME: base, AWS_PROFILE: "alice@prod", TIMELATCH_API: "https://a.example/x" };
});
afterEach(() => rmSync(base, { recursive: true }));

const refresh = (lent = LENT) => {
  const api = fakeApi(({ path: at }) => (at === "/v1/access" ? lent : { requests: [PENDING] }));
  return refreshCompletions(fakeTerminal({ api, env }).context);
};
const lines = (name: string) =>
  readFileSync(path.join(cacheFolder(env), name), "utf8")
    .trim()
    .split("\n");

/** Writes a cache file as a refresh would; the marker keeps the shell from starting one. */
function cache(name: string, ...values: readonly string[]) {
  mkdirSync(cacheFolder(env), { recursive: true });
  writeFileSync(path.join(cacheFolder(env), name), values.map((value) => `${value}\n`).join(""));
  writeFileSync(path.join(cacheFolder(env), ".asked"), "");
}

function offers(...words: readonly string[]): readonly string[] {
  const root = commandTree(buildProgram(fakeTerminal().context.screen, {}));
  const file = path.join(base, "timelatch.bash");
  writeFileSync(file, completionScript("bash", root));
  const script = `source "$0"; COMP_WORDS=(timelatch "$@"); COMP_CWORD=$#
    _timelatch 2>/dev/null; printf "%s\\n" "\${COMPREPLY[@]}"`;
  const options = { encoding: "utf8", env: { ...env, PATH: process.env["PATH"] } } as const;
  return execFileSync("bash", ["--norc", "-c", script, file, ...words], options)
    .split("\n")
    .filter((word) => word !== "");
}

describe("timelatch refresh-completion", () => {
  it("timelatch refresh-completion writes a file for each kind of value, and nothing else", async () => {
    await refresh();
    expect(readdirSync(cacheFolder(env)).sort()).toEqual([...CACHED].sort());
    expect(lines("clusters")).toEqual(["prod", "staging"]);
    expect(lines("rules")).toContain("payments-edit");
    expect(lines("policies")).toContain("AmazonEKSEditPolicy");
    expect(lines("namespaces")).toEqual(["payments-", "payments-api"]);
    expect(lines("ids")).toEqual(["019ab5c0-0000"]);
  });

  it("timelatch refresh-completion writes no value that a shell could expand", async () => {
    const clusters = ["prod", "$(touch x)", "a b", "`id`", "-x"];
    await refresh({ ...LENT, rules: [{ ...EDIT_RULE, clusters }] });
    expect(lines("clusters")).toEqual(["prod"]);
  });

  it("timelatch refresh-completion keeps the values of two profiles apart", () => {
    expect(cacheFolder({ ...env, AWS_PROFILE: "bob" })).not.toBe(cacheFolder(env));
  });
});

describe("completion in bash, from the cache", () => {
  it.each([
    ["clusters", ["request", "-c", ""]],
    ["policies", ["request", "--policy", ""]],
    ["namespaces", ["preview", "-n", ""]],
    ["rules", ["request", "--rule", ""]],
    ["groups", ["request", "--group", ""]],
    ["ids", ["approve", ""]],
    ["ids", ["show", ""]],
  ])("Completion in bash offers %s after %j", (name, words) => {
    cache(name, "one", "two");
    expect(offers(...words)).toEqual(["one", "two"]);
    expect(offers(...words.slice(0, -1), "t")).toEqual(["two"]);
  });

  it("Completion in bash offers the states that exist", () => {
    expect(offers("list", "--state", "a")).toEqual(["approved", "active"]);
  });

  it("Completion in bash answers at once without a cache, and starts one background refresh a minute", () => {
    const started = path.join(base, "started");
    mkdirSync(path.join(base, "bin"));
    const fake = `#!/bin/sh\necho "$@" >>"${started}"\n`;
    writeFileSync(path.join(base, "bin", "timelatch"), fake, { mode: 0o755 });
    env["PATH"] = "";
    const before = process.env["PATH"];
    process.env["PATH"] = `${path.join(base, "bin")}:${before}`;
    try {
      expect(offers("show", "")).toEqual([]);
      expect(offers("show", "")).toEqual([]);
      // The refresh is in the background: wait until it has written its line.
      execFileSync("sh", [
        "-c",
        `for i in 1 2 3 4 5 6 7 8 9; do [ -s "$0" ] || sleep 1; done`,
        started,
      ]);
    } finally {
      process.env["PATH"] = before;
    }
    expect(readFileSync(started, "utf8")).toBe("refresh-completion\n");
  });
});
