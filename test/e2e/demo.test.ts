/** Runs the demo once, and checks its report. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoReport } from "../../lab/sandbox/demo/report.ts";
import { demoPicture, pictureText } from "../../tools/transcripts/demo-picture.ts";
import { shapeOf } from "../../tools/transcripts/shape.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** It takes about 45 s on an idle machine. */
const LIMIT_MS = 10 * 60_000;

const output = { stdout: "", stderr: "" };
const child = spawn("sh", ["tools/node24", "lab/sandbox/demo/main.ts", "--json"], {
  cwd: ROOT,
  stdio: ["ignore", "pipe", "pipe"],
});
for (const stream of ["stdout", "stderr"] as const)
  child[stream].setEncoding("utf8").on("data", (text: string) => {
    output[stream] += text;
  });
const ended = new Promise<number | null>((resolve) => {
  child.once("close", (code) => resolve(code));
});

let code: number | null;
let report: DemoReport;
beforeAll(async () => {
  code = await ended;
  report = JSON.parse(output.stdout.trimEnd().split("\n").at(-1) ?? "") as DemoReport;
}, LIMIT_MS);
// The demo stops its sandbox by itself; if it has ended already, this has no effect.
afterAll(async () => {
  child.kill("SIGTERM");
  await ended;
});

describe("npm run demo -- --json", () => {
  it("npm run demo passes every step", () => {
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.steps.map(({ name }) => name)).toEqual([
      "sandbox",
      "before",
      "request",
      "approval",
      "overlap",
      "on-call",
      "break-glass",
      "first-ends",
      "shift-over",
      "standing-restored",
      "console",
      "finding",
      "second-ends",
      "audit",
      "bundle",
    ]);
    expect(report.ok).toBe(true);
    expect(code).toBe(0);
  });

  it("The demo gives alice access during her grant, and neither before nor after", () => {
    expect(report.canI).toEqual({ before: false, during: true, after: false });
  });

  it("npm run demo -- --json prints progress on stderr and only the report on stdout", () => {
    expect(output.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(output.stderr).toContain("alice$ timelatch request");
  });

  it("The demo plays one grant in Slack: asked by a command, approved at the message that follows it", () => {
    const [, slack = ""] = output.stderr.split("alice and bob use Slack");
    expect(slack).toMatch(/alice types in Slack: \/access prod edit payments-worker/);
    expect(slack).toMatch(
      /asks to edit in payments-worker[\s\S]*alice can edit in payments-worker/,
    );
  });

  it("The demo looks in the console of dave, whose page knows who could reach the cluster at an instant that is over", () => {
    const [, page = ""] = output.stderr.split("dave looks in the console");
    expect(page).toMatch(/The page shows \d{6}\. dave types that here: Let in\./);
    expect(page).toMatch(/alice: AmazonEKSEditPolicy in payments-worker, active then/);
  });

  it("The demo prints what the picture in README shows", () => {
    const picture = readFileSync(path.join(ROOT, "docs/demo.svg"), "utf8");
    // If this fails on purpose: npm run transcripts
    expect(shapeOf(pictureText(demoPicture(output.stderr)))).toBe(shapeOf(pictureText(picture)));
  });
});
