/** Events that a receiver keeps, against an archive, by the commands of docs/events.md. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ArchivedRecord } from "../../../../shared/domain/evidence/archive/archived-record.ts";
import { requestEvents } from "../../../../shared/domain/notices/request-events.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { hashOf } from "../../../../shared/domain/values/canonical-json.ts";
import { bytesOf, smallArchive } from "../../../cli/audit/small-archive.ts";
import { aLife, idOf } from "../../../cli/sample-requests.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../../docs/events.md"), "utf8");
const [, COMMANDS = ""] =
  /compare them with the archive[\s\S]*?```sh\n([\s\S]*?)```/.exec(PAGE) ?? [];

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-kept-"));
  for (const [name, text] of (await smallArchive()).files) write(name, text);
  const lives = [1, 2].map((id) => aLife(idOf(id)));
  const published = lives.flatMap(({ request, events }) => requestEvents(request, events));
  const lines = published.map(({ detail }) => `${JSON.stringify({ detail })}\n`);
  writeFileSync(path.join(folder, "events.ndjson"), lines.join(""));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  const file = path.join(folder, "archive", name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytesOf(name, text));
}

const compare = () =>
  execFileSync("bash", ["-ec", COMMANDS], { cwd: folder, encoding: "utf8" }).trim();

it("Nothing is printed where the archive has each event as it was published", () => {
  expect(COMMANDS).toContain("comm -23");
  expect(compare()).toBe("");
});

it("A record that was written again with hashes that fit is printed, also where only its proof differs", async () => {
  let hash = "";
  for (const [name, text] of (await smallArchive()).files) {
    if (!name.startsWith("records/")) continue;
    const lines = text.split("\n").map((line) => {
      const { chain, record } = JSON.parse(line || "{}") as ArchivedRecord;
      if (record?.type !== "approve" || hash !== "") return line;
      hash = record.hash;
      const { hash: _, ...body } = record as AuditEvent;
      const forged = { ...body, details: { ...body.details, proof: { slackUser: "U-EVE" } } };
      return JSON.stringify({ chain, record: { ...forged, hash: hashOf(forged as never) } });
    });
    write(name, lines.join("\n"));
  }
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(compare()).toBe(hash);
});
