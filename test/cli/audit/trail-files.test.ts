import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trailEvents } from "../../../cli/audit/trail-files.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { recordWith } from "../../../lab/fakes/raw-trail-events.ts";
import type { AuditReport } from "../../../shared/domain/evidence/report/audit-report.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { reportApi } from "./report-world.ts";

const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };
const at = (eventID: string, eventTime = "2026-10-05T10:02:00Z", more: object = {}) =>
  recordWith({ eventID, eventTime, ...more });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-trail-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, document: unknown): string {
  const made = path.join(folder, name);
  mkdirSync(path.dirname(made), { recursive: true });
  const text = Buffer.from(JSON.stringify(document));
  writeFileSync(made, name.endsWith(".gz") ? gzipSync(text) : text);
  return made;
}
const idsIn = async (...places: readonly string[]) =>
  (await trailEvents(places, PERIOD)).events.map(({ eventId }) => eventId);

describe("CloudTrail's own files", () => {
  it("A folder of a trail's files and an answer of lookup-events give the changes of access entries", async () => {
    file("AWSLogs/eu/one.json.gz", { Records: [at("a"), at("b")] });
    file("AWSLogs/us/two.json", { Records: [at("c")] });
    file("AWSLogs/notes.txt", "not read");
    const listed = file("listed.json", { Events: [{ CloudTrailEvent: JSON.stringify(at("d")) }] });
    expect(await idsIn(path.join(folder, "AWSLogs"), listed)).toEqual(["a", "b", "c", "d"]);
  });

  it("Events of other services, other operations and other times are passed over", async () => {
    const records = [
      at("a", "2026-09-30T23:59:59Z"),
      at("b", "2026-11-01T00:00:00Z"),
      at("c", undefined, { eventSource: "s3.amazonaws.com" }),
      at("d", undefined, { eventName: "CreateCluster" }),
      at("e", "2026-10-01T00:00:00Z", { recipientAccountId: "444455556666" }),
    ];
    expect(await idsIn(file("one.json", { Records: records }))).toEqual(["e"]);
  });

  it.each([
    ["no JSON", "cut off"],
    ["another document", { rows: [] }],
  ])("A file with %s is refused by its name", async (_what, document) => {
    const name = file("strange.json", document);
    if (document === "cut off") writeFileSync(name, '{"Records":[');
    await expect(idsIn(name)).rejects.toThrow("strange.json");
  });

  it("An event that cannot be read is named, and the others count", async () => {
    const records = [at("a"), 7, at("odd", "yesterday"), at("b")];
    const listed = file("listed.json", { Events: [{ CloudTrailEvent: "{" }] });
    const trail = file("trail.json", { Records: records });
    const { events, unreadable } = await trailEvents([trail, listed], PERIOD);
    expect(events.map(({ eventId }) => eventId)).toEqual(["a", "b"]);
    expect(unreadable).toEqual([
      expect.stringContaining("trail.json has an event that is no JSON object"),
      expect.stringMatching(/trail\.json has a \w+ odd that cannot be read: The eventTime/),
      expect.stringContaining("listed.json has an event that is no JSON object"),
    ]);
  });

  it("A call of the root user, whose access key is an empty text, is read", async () => {
    const userIdentity = { type: "Root", arn: "arn:aws:iam::111122223333:root", accessKeyId: "" };
    const root = at("root", undefined, { userIdentity });
    const { events } = await trailEvents([file("trail.json", { Records: [root] })], PERIOD);
    expect(events).toMatchObject([
      { eventId: "root", caller: { type: "Root", accessKeyId: null } },
    ]);
  });

  it("An event that only CloudTrail has is named, and so is a call that its files do not have", async () => {
    const api = reportApi([
      { number: 1, at: "2026-10-05T10:00:00.000Z" },
      { number: 2, at: "2026-10-06T10:00:00.000Z" },
    ]);
    const trail = file("trail.json", { Records: [at("event-eks-1-1"), at("from-elsewhere")] });
    const out = path.join(folder, "report.json");
    const options = { ...PERIOD, format: "json", out, cloudtrail: [trail] } as const;
    await auditReport(fakeTerminal({ api }).context, options);
    const report = JSON.parse(readFileSync(out, "utf8")) as AuditReport;
    expect(report).toMatchObject({
      trail: "files",
      completeness: {
        events: 2,
        confirmedCalls: 1,
        unaccounted: ["from-elsewhere"],
        unseenCalls: ["eks-2-1"],
        isComplete: false,
      },
    });
    const terminal = fakeTerminal({ api });
    await auditReport(terminal.context, { ...PERIOD, cloudtrail: [trail] });
    expect(terminal.out()).toContain("2 in the files of CloudTrail");
    expect(terminal.out()).toContain(
      "from-elsewhere: an event of CloudTrail that nothing accounts",
    );
  });
});
