import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditReportOptions, auditReport } from "../../../cli/commands/audit-report.ts";
import type { AuditReport } from "../../../shared/domain/evidence/report/audit-report.ts";
import { drawSample } from "../../../shared/domain/evidence/report/sample.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { reportApi, type Story } from "./report-world.ts";

const GUIDE = path.resolve(import.meta.dirname, "../../../docs/guide-auditor.md");
const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };
const on = (day: number) => `2026-10-${String(day).padStart(2, "0")}T10:00:00.000Z`;
const GLASS = { approver: "policy", rule: "emergency", breakGlass: true } as const;
const STORIES: readonly Story[] = Array.from({ length: 20 }, (_none, at) => ({
  number: at + 1,
  at: on(at + 1),
  ...(at === 4 || at === 9 ? GLASS : {}),
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-sample-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const OPTIONS = { ...PERIOD, sample: "5", seed: "EL-2027-003" } as const;

async function written(options: AuditReportOptions, stories = STORIES): Promise<string> {
  const out = path.join(folder, "report");
  const { context } = fakeTerminal({ api: reportApi(stories) });
  await auditReport(context, { ...OPTIONS, out, overwrite: true, ...options });
  return readFileSync(out, "utf8");
}
const sampled = async (options: AuditReportOptions = {}, stories = STORIES) =>
  (JSON.parse(await written({ format: "json", ...options }, stories)) as AuditReport).sample;

/** The commands of the guide, in the shell that reads them. */
function byHand(ids: readonly string[], seed: string, size: number): readonly string[] {
  const [, commands = ""] =
    /<!-- sample by hand -->\n```sh\n([\s\S]+?)```/.exec(readFileSync(GUIDE, "utf8")) ?? [];
  expect(commands).toContain("sha256sum");
  writeFileSync(path.join(folder, "others.txt"), ids.map((id) => `${id}\n`).join(""));
  const env = { PATH: process.env["PATH"], LC_ALL: "C", SEED: seed, SIZE: String(size) };
  return execFileSync("sh", ["-c", commands], { cwd: folder, env, encoding: "utf8" })
    .trim()
    .split("\n");
}

describe("timelatch audit report --sample", () => {
  it("A sample has each break-glass, and as many others as asked for, of a population that it names", async () => {
    const sample = await sampled();
    expect(sample).toMatchObject({ size: 5, seed: "EL-2027-003", population: 20, others: 18 });
    expect(sample?.breakGlass).toEqual([5, 10].map(idOf));
    expect(sample?.drawn).toHaveLength(5);
    expect(new Set([...(sample?.drawn ?? []), ...(sample?.breakGlass ?? [])]).size).toBe(7);
  });

  it.each(["EL-2027-003", "one 'quoted' $eed", "größer"])(
    "The guide's commands draw the same sample again, with the seed %s",
    async (seed) => {
      const others = STORIES.flatMap(({ number, breakGlass }) => (breakGlass ? [] : idOf(number)));
      expect((await sampled({ seed }))?.drawn).toEqual(byHand(others, seed, 5));
    },
  );

  it("The same seed draws the same requests, whatever their order, and another seed draws others", async () => {
    const first = await sampled();
    expect(await sampled()).toEqual(first);
    const rows = STORIES.map(({ number }) => ({ requestId: idOf(number), breakGlass: false }));
    const terms = { size: 5, seed: "a" };
    expect(drawSample(rows.toReversed(), terms).drawn).toEqual(drawSample(rows, terms).drawn);
    expect(drawSample(rows, { ...terms, seed: "b" }).drawn).not.toEqual(
      drawSample(rows, terms).drawn,
    );
  });

  it("A request of which nobody knows whether it is break-glass is in the sample with those", () => {
    const rows = [null, true, false].map((breakGlass, at) => ({ requestId: idOf(at), breakGlass }));
    expect(drawSample(rows, { size: 9, seed: "a" })).toMatchObject({
      breakGlass: [idOf(0), idOf(1)],
      drawn: [idOf(2)],
    });
  });

  it("Text, page and table say which requests are in the sample, and how they were drawn", async () => {
    const drawn = (await sampled())?.drawn ?? [];
    for (const format of ["text", "html"] as const) {
      const said = (await written({ format })).replace(/\s+/g, " ");
      expect(said).toContain("20 requests with an event in this time");
      expect(said).toContain("5 of the other 18");
      for (const id of drawn) expect(said).toContain(`${id}: drawn`);
      expect(said).toContain(`${idOf(5)}: break-glass`);
    }
    const rows = (await written({ format: "csv" })).trim().split("\r\n");
    expect(rows[0]).toMatch(/,"sample"$/);
    expect(rows.filter((row) => row.endsWith(',"drawn"'))).toHaveLength(5);
    expect(rows.filter((row) => row.endsWith(',"break-glass"'))).toHaveLength(2);
  });

  it.each([
    ["a sample without a seed", { seed: undefined }],
    ["a seed without a sample", { sample: undefined }],
    ["no number", { sample: "many" }],
    ["none", { sample: "0" }],
    ["an empty seed", { seed: " " }],
    ["a seed that nobody sees", { seed: "a\u200bb" }],
  ])("A report refuses %s", async (_what, changes) => {
    const options = { ...OPTIONS, ...changes } as AuditReportOptions;
    const { context } = fakeTerminal({ api: reportApi(STORIES) });
    await expect(auditReport(context, options)).rejects.toMatchObject({ code: "usage" });
  });
});
