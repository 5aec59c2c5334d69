/** Runs the demo once, and checks its report. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { demoPicture, pictureText } from "../../tools/transcripts/demo-picture.ts";
import { shapeOf } from "../../tools/transcripts/shape.ts";
import { playDemo } from "./demo-run.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const run = playDemo();

describe("npm run demo -- --json", () => {
  it("npm run demo passes every step", () => {
    expect(run().report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(run().report.steps.map(({ name }) => name)).toEqual([
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
    expect(run().report.ok).toBe(true);
    expect(run().code).toBe(0);
  });

  it("The demo gives alice access during her grant, and neither before nor after", () => {
    expect(run().report.canI).toEqual({ before: false, during: true, after: false });
  });

  it("npm run demo -- --json prints progress on stderr and only the report on stdout", () => {
    expect(run().stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(run().stderr).toContain("alice$ timelatch request");
  });

  it("The demo plays one grant in Slack: asked by a command, approved at the message that follows it", () => {
    const [, slack = ""] = run().stderr.split("alice and bob use Slack");
    expect(slack).toMatch(/alice types in Slack: \/access prod edit payments-worker/);
    expect(slack).toMatch(
      /asks to edit in payments-worker[\s\S]*alice can edit in payments-worker/,
    );
  });

  it("The demo looks in the console of dave, whose page knows who could reach the cluster at an instant that is over", () => {
    const [, page = ""] = run().stderr.split("dave looks in the console");
    expect(page).toMatch(/The page shows \d{6}\. dave types that here: Let in\./);
    expect(page).toMatch(/alice: AmazonEKSEditPolicy in payments-worker, active then/);
  });

  it("The demo prints what the picture in README shows", () => {
    const picture = readFileSync(path.join(ROOT, "docs/demo.svg"), "utf8");
    // If this fails on purpose: npm run transcripts
    expect(shapeOf(pictureText(demoPicture(run().stderr)))).toBe(shapeOf(pictureText(picture)));
  });
});
