/** The demo, played once: what it tells on its last line must be the story. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoReport } from "../../sandbox/demo/report.ts";
import { demoPicture, pictureText } from "../../tools/transcripts/demo-picture.ts";
import { shapeOf } from "../../tools/transcripts/shape.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** About 45 s where nothing else runs. */
const LIMIT_MS = 10 * 60_000;

const said = { stdout: "", stderr: "" };
const child = spawn("sh", ["tools/node24", "sandbox/demo/main.ts", "--json"], {
  cwd: ROOT,
  stdio: ["ignore", "pipe", "pipe"],
});
for (const stream of ["stdout", "stderr"] as const)
  child[stream].setEncoding("utf8").on("data", (text: string) => {
    said[stream] += text;
  });
const ended = new Promise<number | null>((resolve) => {
  child.once("close", (code) => resolve(code));
});

let code: number | null;
let report: DemoReport;
beforeAll(async () => {
  code = await ended;
  report = JSON.parse(said.stdout.trimEnd().split("\n").at(-1) ?? "") as DemoReport;
}, LIMIT_MS);
// It ends the sandbox by itself; where it has ended already, this is nothing.
afterAll(async () => {
  child.kill("SIGTERM");
  await ended;
});

describe("npm run demo -- --json", () => {
  it("plays the whole story as told", () => {
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.steps.map(({ name }) => name)).toEqual([
      "sandbox",
      "before",
      "request",
      "approval",
      "overlap",
      "break-glass",
      "first-ends",
      "standing-restored",
      "second-ends",
      "audit",
    ]);
    expect(report.ok).toBe(true);
    expect(code).toBe(0);
  });

  it("lets alice in while she has a grant, and neither before nor after", () => {
    expect(report.canI).toEqual({ before: false, during: true, after: false });
  });

  it("tells its progress beside, and on standard output the report alone", () => {
    expect(said.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(said.stderr).toContain("$ AWS_PROFILE=alice timelatch request");
  });

  it("tells what the README's picture shows", () => {
    const picture = readFileSync(path.join(ROOT, "docs/demo.svg"), "utf8");
    // Where this fails on purpose: npm run transcripts
    expect(shapeOf(pictureText(demoPicture(said.stderr)))).toBe(shapeOf(pictureText(picture)));
  });
});
