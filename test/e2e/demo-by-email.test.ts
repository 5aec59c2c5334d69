/** Runs the demo once where the broker has no Slack, and writes e-mail. */
import { describe, expect, it } from "vitest";
import { playDemo } from "./demo-run.ts";

const run = playDemo("--email");

describe("npm run demo -- --email --json", () => {
  it("npm run demo -- --email passes every step", () => {
    expect(run().report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(run().report.ok).toBe(true);
    expect(run().code).toBe(0);
  });

  it("bob types the command that his e-mail names, and an e-mail says to alice what she can do", () => {
    const [, byEmail = ""] = run().stderr.split("alice and bob read e-mail");
    expect(byEmail).toMatch(/→ bob reads: Access of alice to prod \([0-9a-f]{8}\)/);
    const [, named] = /\n +timelatch (approve \S+)\n/.exec(byEmail) ?? [];
    expect(byEmail).toContain(`bob$ timelatch ${named} --yes`);
    expect(byEmail).toMatch(
      /→ alice reads: Your access to prod[\s\S]*You can edit in payments-worker on prod\./,
    );
  });

  it("The demo by e-mail shows nothing of Slack", () => {
    expect(run().stderr).not.toMatch(/slack/i);
  });
});
