import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBundle } from "../../../cli/audit/bundle-folder.ts";
import { linesOf } from "../../../cli/audit/lines.ts";
import { LARGEST_DOCUMENT, textOf } from "../../../cli/audit/outside-file.ts";
import { trailEvents } from "../../../cli/audit/trail-files.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { auditVerify } from "../../../cli/commands/audit-verify.ts";
import { auditVerifyArchive } from "../../../cli/commands/audit-verify-archive.ts";
import { recordWith } from "../../../lab/fakes/raw-trail-events.ts";
import { readSeal } from "../../../shared/domain/evidence/archive/read-seal.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { bytesOf, smallArchive } from "./small-archive.ts";

const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-outside-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const made = path.join(folder, name);
  mkdirSync(path.dirname(made), { recursive: true });
  writeFileSync(made, content);
  return made;
}

/** Some 70 KB that grow to 65 MiB. */
function bomb(head = ""): Buffer {
  const part = gzipSync(Buffer.alloc(1024 * 1024, " "));
  return Buffer.concat([gzipSync(head), ...Array<Buffer>(65).fill(part)]);
}

/** As large as it says, on a disk that has nothing of it. */
function hollow(name: string): string {
  const made = file(name, "");
  truncateSync(made, LARGEST_DOCUMENT + 1);
  return made;
}

async function archiveWith(name: string, content: Buffer) {
  const { files, publicPem } = await smallArchive();
  for (const [each, text] of files) file(`archive/${each}`, bytesOf(each, text));
  file(`archive/${name}`, content);
  const { context } = fakeTerminal({});
  return auditVerifyArchive(context, [path.join(folder, "archive")], file("key.pem", publicPem));
}

describe("Files that are larger than they look", () => {
  it("An object of an archive that grows without end is refused by its name", async () => {
    const verified = archiveWith("records/2026-11-24/10/0009.ndjson.gz", bomb());
    await expect(verified).rejects.toMatchObject({
      exit: "unverified",
      message: expect.stringMatching(/0009\.ndjson\.gz: it grows to more than 100 times its size/),
    });
  });

  it.each([
    ["that is no gzip", Buffer.from("plain"), "its compression is not sound"],
    ["that is cut off", gzipSync("{}\n").subarray(0, -9), "it is cut off"],
  ])("An object of an archive %s is refused by its name", async (_, content, words) => {
    const verified = archiveWith("records/2026-11-24/10/0009.ndjson.gz", content);
    await expect(verified).rejects.toMatchObject({
      message: expect.stringContaining(`0009.ndjson.gz: ${words}.`),
    });
  });

  it("A trail's file that grows without end is refused by its name", async () => {
    const cloudtrail = [file("trail.json.gz", bomb('{"Records":['))];
    const report = auditReport(fakeTerminal({}).context, { ...PERIOD, cloudtrail });
    await expect(report).rejects.toMatchObject({
      exit: "usage",
      message: expect.stringMatching(/trail\.json\.gz: it grows .* not read beyond \d+ bytes/),
    });
  });

  it("A seal, a summary of a bundle and a manifest are read up to a bound", async () => {
    const seal = archiveWith("seals/2026-11-24.json", Buffer.alloc(LARGEST_DOCUMENT + 1));
    await expect(seal).rejects.toThrow(/2026-11-24\.json: it has more than 33554432 bytes/);
    hollow("bundle/bundle.json");
    expect(() => readBundle(path.join(folder, "bundle"))).toThrow("more than 33554432 bytes");
    const exported = file("q4.ndjson", "{}\n");
    hollow("q4.ndjson.manifest.json");
    const verified = auditVerify(fakeTerminal({}).context, [exported]);
    await expect(verified).rejects.toThrow(/manifest\.json: it has more than 65536 bytes/);
  });

  it("A list of a seal with a million elements that are none is no seal", () => {
    const tips = `[${"{},".repeat(300_000)}{}]`;
    expect(readSeal(`{"seal":{"schema":1},"signature":"a","tips":${tips}}`)).toBeUndefined();
  });

  it("An event of a trail that is too long or nested too deep is named, and the others count", async () => {
    const at = (eventID: string, more: object = {}) =>
      JSON.stringify(recordWith({ eventID, eventTime: "2026-10-05T10:02:00Z", ...more }));
    const long = at("long", { padding: "x".repeat(2 * 1024 * 1024) });
    const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const deep = at("deep", { more: "NESTED" }).replace('"NESTED"', nested);
    const trail = file("trail.json", `{"Records":[${[at("a"), long, deep, at("b")].join()}]}`);
    const { events, unreadable } = await trailEvents([trail], PERIOD);
    expect(events.map(({ eventId }) => eventId)).toEqual(["a", "b"]);
    expect(unreadable).toEqual([
      expect.stringContaining("trail.json has an event of more than 2097152 bytes"),
      expect.stringMatching(/trail\.json has a \w+ deep that cannot be read/),
    ]);
  });

  it("A trail's file with a thousand events that are none is not read to its end", async () => {
    const trail = file("trail.json", `{"Records":[${"[],".repeat(2_000)}[]]}`);
    await expect(trailEvents([trail], PERIOD)).rejects.toThrow(
      /1000 events cannot be read, and .*trail\.json was not read to its end/,
    );
  });

  it("A file that is larger than one read is read as it is", () => {
    const text = Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join("");
    expect(textOf(file("large.txt", text))).toBe(text);
  });

  it("Lines that are empty are counted, and cost nothing", async () => {
    const chunks = async function* () {
      yield Buffer.from("a\n\n\r\n\nb");
      yield Buffer.from("c\n\n");
    };
    const lines: string[] = [];
    for await (const { number, bytes } of linesOf(chunks(), 10)) lines.push(`${number} ${bytes}`);
    expect(lines).toEqual(["1 a", "3 ", "5 bc"]);
  });
});
