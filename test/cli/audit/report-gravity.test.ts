import { describe, expect, it } from "vitest";
import { fetchReport } from "../../../cli/audit/fetch-report.ts";
import { reportPage } from "../../../cli/audit/report-page.ts";
import { reportText } from "../../../cli/text/report-text.ts";
import { findingAbout, reportApi } from "./report-world.ts";

const PERIOD = {
  from: "2026-10-01T00:00:00.000Z",
  to: "2026-11-01T00:00:00.000Z",
  now: "2026-11-24T10:05:00.000Z",
};
const on = (day: number) => `2026-10-0${day}T10:00:00.000Z`;

/** A late end, and findings of which the gravest is the last. */
const reported = () => {
  const records = [
    ...findingAbout(1, on(3), undefined, "taken-with-entry"),
    ...findingAbout(1, on(4)),
    ...findingAbout(1, on(5), "a drill"),
    ...findingAbout(1, on(6), undefined, "forged-request-id"),
    ...findingAbout(1, on(7), undefined, "grantor-outside-call"),
    ...findingAbout(1, on(8), undefined, "fuse-outside-schedule"),
  ];
  const api = reportApi([{ number: 1, at: on(2), late: 90, approver: "alice" }], records);
  return fetchReport(api, PERIOD, () => undefined);
};
const SORTED = [
  "grantor-outside-call",
  "forged-request-id",
  "outside-change",
  "outside-change",
  "fuse-outside-schedule",
  "taken-with-entry",
];

describe("The findings of a report", () => {
  it("A report has its findings by their gravity, and the older of a code first", async () => {
    const { findings } = await reported();
    expect(findings.map(({ code }) => code)).toEqual(SORTED);
    expect(findings.slice(2, 4).map(({ happenedAt }) => happenedAt)).toEqual([on(4), on(5)]);
  });

  it("The gravest finding is the first of what there is to look at, before late ends and approvals", async () => {
    const said = reportText(await reported(), { columns: 200, paint: (_style, text) => text });
    const [, toLookAt = ""] = said.split("To look at\n");
    const parts = toLookAt.replace(/\s+/g, " ").trim().split(": open ");
    expect(parts.slice(0, 5).map((part) => part.split(",")[0])).toEqual(SORTED.toSpliced(3, 1));
    expect(parts.at(-1)).toContain("gone 1m30s after its end");
    expect(said).toContain("1 grantor-outside-call, 1 forged-request-id, 1 outside-change");
  });

  it("The page of a report has its findings before its population", async () => {
    const html = reportPage(await reported());
    expect(html.indexOf('id="findings"')).toBeGreaterThan(0);
    expect(html.indexOf('id="findings"')).toBeLessThan(html.indexOf('id="population"'));

    const [section = ""] = /id="findings"[\s\S]+?id="population"/.exec(html) ?? [];
    expect(section.indexOf("grantor-outside-call")).toBeLessThan(section.indexOf("outside-change"));
  });
});
