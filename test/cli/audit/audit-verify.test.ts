import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { run } from "../run-timelatch.ts";
import { aLife, idOf } from "../sample-requests.ts";
import { linesOf } from "./histories.ts";

const fileOf = (events: readonly unknown[]) =>
  linesOf(events)
    .map((line) => `${line}\n`)
    .join("");

const [FIRST, SECOND, THIRD] = aLife(idOf(1)).events as [AuditEvent, AuditEvent, AuditEvent];
const OTHER = aLife(idOf(2)).events;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "timelatch-audit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const verify = (events: readonly unknown[], ...more: readonly string[]) =>
  run(["audit", "verify", "-", ...more], { stdin: fileOf(events) });

describe("timelatch audit verify", () => {
  it("timelatch audit verify says how many requests and events hold, and what only a seal can show", async () => {
    const { code, out } = await verify([THIRD, ...OTHER, FIRST, SECOND]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "2 requests with 6 events: each event has the hash of the one before it, and every hash fits.",
      expect.stringContaining("Whoever writes a file again can make hashes fit. Only a seal"),
    ]);
  });

  it("timelatch audit verify needs neither network nor credentials nor an API's address", async () => {
    const file = join(folder, "events.ndjson");
    writeFileSync(file, fileOf(OTHER));
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_REGION: undefined };
    const { code, out } = await run(["audit", "verify", file, "--json"], { env });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ requests: 1, events: 3, faults: [] });
  });

  it.each([
    ["edited", [FIRST, { ...SECOND, actor: "carol" }, THIRD], "edited: Event 2"],
    ["missing", [FIRST, THIRD], "gap: Event 2 is missing"],
    ["doubled", [FIRST, SECOND, SECOND, THIRD], "duplicate: Event 2"],
  ])(
    "timelatch audit verify names an event that is %s, with its request",
    async (_how, events, fault) => {
      const { code, out, err } = await verify([...OTHER, ...events]);
      expect({ code, out }).toEqual({ code: 8, out: "" });
      expect(err).toContain("Verification FAILED: 1 fault");
      expect(err).toContain(`request ${idOf(1)}: ${fault}`);
      expect(err).not.toContain(`request ${idOf(2)}`);
    },
  );

  it("timelatch audit verify names each fault, as JSON where that is wanted", async () => {
    const { err, code } = await verify([FIRST, THIRD, ...OTHER.slice(1)], "--json");
    expect(code).toBe(8);
    expect(JSON.parse(err)).toMatchObject({
      type: "urn:timelatch:cli:audit-verification-failed",
      exitCode: 8,
      faults: [
        { requestId: idOf(1), seq: 2, fault: "gap" },
        { requestId: idOf(2), seq: 1, fault: "gap" },
      ],
      unread: 0,
    });
  });

  it("timelatch audit verify says after ten lines that a file is probably no export", async () => {
    const { code, err } = await run(["audit", "verify", "-"], { stdin: "no event\n".repeat(500) });
    expect(code).toBe(8);
    expect(err.match(/^ {2}line \d+: This is not JSON\.$/gm)).toHaveLength(10);
    expect(err).toContain("490 more lines were not looked at.");
    expect(err).toContain("this is probably not an export");
  });

  it("timelatch audit verify does not call an empty file verified", async () => {
    const { code, err } = await verify([]);
    expect(code).toBe(8);
    expect(err).toContain("has no events. Nothing was verified.");
  });

  it("timelatch audit verify does not verify a folder", async () => {
    const { code, err } = await run(["audit", "verify", folder]);
    expect(code).toBe(8);
    expect(err).toContain("is a folder, not a file. Nothing was verified.");
  });

  it("timelatch audit verify says that it cannot read a file that does not exist", async () => {
    const { code, err } = await run(["audit", "verify", join(folder, "none")]);
    expect(code).toBe(2);
    expect(err).toContain("Nothing was verified.");
  });
});
