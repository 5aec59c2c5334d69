import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveFiles } from "../../../cli/audit/archive-files.ts";
import type { ExportManifest } from "../../../cli/audit/export-manifest.ts";
import { type AuditExportOptions, auditExport } from "../../../cli/commands/audit-export.ts";
import { auditVerify } from "../../../cli/commands/audit-verify.ts";
import manifest from "../../../package.json" with { type: "json" };
import { sha256 } from "../../../shared/domain/values/canonical-json.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { reportApi, type Story } from "./report-world.ts";

const STORIES: readonly Story[] = [
  { number: 1, at: "2026-10-05T10:00:00.000Z" },
  { number: 2, at: "2026-10-06T10:00:00.000Z" },
];
const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-manifest-"));
  out = path.join(folder, "q4.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true }));

const exported = (options: AuditExportOptions = {}) =>
  auditExport(fakeTerminal({ api: reportApi(STORIES) }).context, { ...PERIOD, out, ...options });
const beside = () => `${out}.manifest.json`;
const named = () => JSON.parse(readFileSync(beside(), "utf8")) as ExportManifest;
async function verified(json = false) {
  const terminal = fakeTerminal({ json });
  await auditVerify(terminal.context, [out]);
  return terminal.out().replace(/\s+/g, " ");
}

describe("The manifest of an export", () => {
  it("The manifest beside an export says what was asked for, by whom, when, and which file was made", async () => {
    await exported();
    expect(named()).toEqual({
      schema: 1,
      file: "q4.ndjson",
      bytes: readFileSync(out).length,
      sha256: sha256(readFileSync(out, "utf8")),
      parameters: { ...PERIOD, format: "ndjson" },
      completeTo: PERIOD.to,
      events: 10,
      earlier: 0,
      requests: 2,
      askedBy: "dave",
      askedAt: "2026-11-24T10:05:00.000Z",
      api: "https://api.example.com",
      version: manifest.version,
    });
    expect(await verified()).toContain("names this very file, as asked for by dave");
    expect(JSON.parse(await verified(true))).toMatchObject({ manifest: "agrees" });
  });

  it("An export from which a whole request was taken holds by itself, and contradicts its manifest", async () => {
    await exported();
    const lines = readFileSync(out, "utf8").split("\n");
    writeFileSync(out, lines.filter((line) => !line.includes("000000000002")).join("\n"));
    const failing = verified();
    await expect(failing).rejects.toMatchObject({ code: "manifest-disagrees", exit: "unverified" });
    await expect(failing).rejects.toMatchObject({
      text: { findings: expect.arrayContaining([expect.stringContaining("requests is 1")]) },
    });
    rmSync(beside());
    expect(await verified()).toContain("1 request with 5 events");
  });

  it.each([
    ["is no JSON", "none"],
    ["has another schema", '{"schema":2}'],
    ["lacks who asked", '{"schema":1,"sha256":"x","parameters":{}}'],
  ])("A manifest that %s is refused", async (_what, text) => {
    await exported();
    writeFileSync(beside(), text);
    await expect(verified()).rejects.toMatchObject({ code: "manifest-disagrees" });
  });

  it("A manifest that is there is replaced with --overwrite only, and with its export", async () => {
    writeFileSync(beside(), "earlier");
    await expect(exported()).rejects.toMatchObject({ code: "already-there" });
    expect(readdirSync(folder)).toEqual(["q4.ndjson.manifest.json"]);
    await exported({ overwrite: true });
    expect(named().sha256).toBe(sha256(readFileSync(out, "utf8")));
  });

  it("A manifest in an archive's folder is taken for no seal", async () => {
    await exported();
    expect(archiveFiles([folder]).seals).toEqual([]);
  });
});
