/** Runs the commands of docs/walkthrough.md. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Passage, passagesOf } from "../../tools/transcripts/console-blocks.ts";
import { play } from "../../tools/transcripts/play.ts";
import {
  type SandboxSession,
  startSandboxSession,
} from "../../tools/transcripts/sandbox-session.ts";
import { shapeOf } from "../../tools/transcripts/shape.ts";

const FILE = path.resolve(import.meta.dirname, "../../docs/walkthrough.md");
const LIMIT_MS = 10 * 60_000;

let session: SandboxSession;
beforeAll(async () => {
  delete process.env["TIMELATCH_ASSEMBLY_CACHE"];
  session = await startSandboxSession();
  if (cache !== undefined) process.env["TIMELATCH_ASSEMBLY_CACHE"] = cache;
});
afterAll(() => session.stop());

// A sandbox that finds its stack synthesized says less when it starts.
const cache = process.env["TIMELATCH_ASSEMBLY_CACHE"];

/** Commands with what they print, without what differs from run to run. */
const shapesOf = (passages: readonly Passage[]) =>
  passages.flatMap((passage) =>
    passage.kind === "until"
      ? []
      : passage.exchanges.map((one) => [one.person, shapeOf(one.command), shapeOf(one.output)]),
  );

describe("docs/walkthrough.md", () => {
  it(
    "docs/walkthrough.md shows what its commands print",
    async () => {
      const documented = passagesOf(readFileSync(FILE, "utf8"));
      const played = await play(documented, session, () => new Date());
      // If this fails on purpose: npm run transcripts
      expect(shapesOf(played)).toEqual(shapesOf(documented));
    },
    LIMIT_MS,
  );

  it("docs/walkthrough.md shows a record that verifies, and the edit that the verifier finds", () => {
    const text = readFileSync(FILE, "utf8");
    expect(text).toContain("and every hash fits");
    expect(text).toContain("Verification FAILED");
    expect(text).not.toContain("Cannot read");
  });
});
