import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import type { AuditReport } from "../../../shared/domain/evidence/report/audit-report.ts";
import { HOSTILE_TEXT, rawIn } from "../../hostile-characters.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { findingAbout, reportApi, type Story } from "./report-world.ts";

const FROM = "2026-10-01T00:00:00.000Z";
const TO = "2026-11-20T00:00:00.000Z";
const DAY = "2026-10-05T10:00:00.000Z";
const on = (day: number) => `2026-10-${String(day).padStart(2, "0")}T10:00:00.000Z`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-report-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type ReportApi = Pick<ReturnType<typeof reportApi>, "send" | "address">;

async function written(api: ReportApi, format: "json" | "csv" | "html", options: object = {}) {
  const terminal = fakeTerminal({ api });
  const out = path.join(folder, `report.${format}`);
  const wanted = { from: FROM, to: TO, format, out, overwrite: true, ...options } as const;
  await auditReport(terminal.context, wanted);
  return readFileSync(out, "utf8");
}
const reported = async (api: ReportApi, options: object = {}) =>
  JSON.parse(await written(api, "json", options)) as AuditReport;

async function shownReport(api: ReportApi) {
  const terminal = fakeTerminal({ api });
  await auditReport(terminal.context, { from: FROM, to: TO });
  return terminal;
}

const GOOD: Story = { number: 1, at: DAY, note: "go ahead" };

describe("timelatch audit report", () => {
  it("A quiet period has its requests counted, its calls confirmed, and nothing to look at", async () => {
    const report = await reported(reportApi([GOOD, { number: 2, at: on(6), approver: "" }]));
    expect(report).toMatchObject({ from: FROM, to: TO, madeAt: "2026-11-24T10:05:00.000Z" });
    expect(report.summary).toMatchObject({
      requests: 2,
      asked: 2,
      states: { ended: 1, denied: 1, active: 0 },
      grants: 1,
      ends: { expire: 1 },
      open: 0,
      late: [],
      calls: { made: 2, confirmed: 2, unconfirmed: 0, missing: 0 },
      findings: { open: 0, acknowledged: 0 },
    });
    expect(report.completeness).toMatchObject({ events: 1, confirmedCalls: 1, isComplete: true });
    expect((await shownReport(reportApi([GOOD]))).out()).toContain(
      "Nothing: no exception in this period.",
    );
  });

  it("A report says of each request who approved it, when it was gone, and how that is known", async () => {
    const { rows } = await reported(reportApi([GOOD]));
    expect(rows).toMatchObject([
      {
        requestId: idOf(1),
        requester: "alice",
        access: "AmazonEKSEditPolicy in payments-api",
        decisions: [{ verdict: "approve", person: "bob", hasNote: true }],
        approvedAt: "2026-10-05T10:01:00.000Z",
        activeAt: "2026-10-05T10:02:00.000Z",
        expiresAt: "2026-10-05T11:00:00.000Z",
        endedBy: "expire",
        endedAt: "2026-10-05T11:00:00.000Z",
        secondsLate: 0,
        calls: { made: 2, confirmed: 2 },
      },
    ]);
  });

  it("The table and the page of a report say when a request was approved, by people or by the policy", async () => {
    const stories: readonly Story[] = [GOOD, { number: 2, at: on(6), approver: "policy" }];
    const [head = "", ...rows] = (await written(reportApi(stories), "csv")).trim().split(/\r?\n/);
    const column = head.replaceAll('"', "").split(",").indexOf("approvedAt");
    expect(rows.map((row) => row.replaceAll('"', "").split(",")[column])).toEqual([
      "2026-10-05T10:01:00.000Z",
      "2026-10-06T10:01:00.000Z",
    ]);
    expect(await written(reportApi(stories), "html")).toContain("2026-10-06T10:01:00.000Z");
  });

  it("Access that outlived its bound is named, also where nobody has seen it gone", async () => {
    const stories: readonly Story[] = [
      { ...GOOD, late: 90 },
      { number: 2, at: on(6), open: true },
      { number: 3, at: on(7) },
    ];
    const { summary, rows } = await reported(reportApi(stories));
    expect(summary.late).toEqual([idOf(1), idOf(2)]);
    expect(summary.open).toBe(1);
    expect(rows[0]?.secondsLate).toBe(90);
    const said = (await shownReport(reportApi(stories))).out();
    expect(said.replace(/\s+/g, " ")).toContain(
      `${idOf(1)} (alice on prod): gone 1m30s after its end`,
    );
    expect(said.replace(/\s+/g, " ")).toMatch(
      /past its end by \d+d\d+h, and its end is not yet confirmed/,
    );
  });

  it("Decisions are counted by person, and approvals without a note apart", async () => {
    const stories: readonly Story[] = [
      GOOD,
      { number: 2, at: on(6) },
      { number: 3, at: on(7), note: "  " },
      { number: 4, at: on(8), approver: "" },
      { number: 5, at: on(9), approver: "carol", note: "fine" },
    ];
    const { summary } = await reported(reportApi(stories));
    expect(summary.approvers).toEqual([
      { person: "bob", approvals: 3, denials: 1, approvalsWithoutNote: 2 },
      { person: "carol", approvals: 1, denials: 0, approvalsWithoutNote: 0 },
    ]);
    expect(summary.approvalsWithoutNote).toBe(2);
  });

  it("A request that its own requester approved is named", async () => {
    const api = reportApi([{ ...GOOD, approver: "alice" }]);
    expect((await reported(api)).summary.selfApproved).toEqual([idOf(1)]);
    const said = (await shownReport(api)).out().replace(/\s+/g, " ");
    expect(said).toContain("(alice on prod): approved by its own requester");
  });

  it("Grants that the policy approved are named, break-glass apart, by one question a rule", async () => {
    const stories: readonly Story[] = [
      { number: 1, at: DAY, approver: "policy", rule: "view" },
      { number: 2, at: on(6), approver: "policy", rule: "emergency", breakGlass: true },
      { number: 3, at: on(7), approver: "policy", rule: "emergency", breakGlass: true },
      { number: 4, at: on(8) },
    ];
    const api = reportApi(stories);
    const { summary, rows } = await reported(api);
    expect(summary.byPolicy).toEqual([1, 2, 3].map(idOf));
    expect(summary.breakGlass).toEqual([2, 3].map(idOf));
    expect(rows.map(({ breakGlass }) => breakGlass)).toEqual([false, true, true, false]);
    expect(api.calls.filter(({ path: asks }) => /requests\/[^/]+$/.test(asks))).toHaveLength(2);
  });

  it("Calls that CloudTrail does not show are the difference, by name", async () => {
    const api = reportApi([
      GOOD,
      { number: 2, at: on(6), seen: "missing" },
      { number: 3, at: on(7), seen: "none" },
    ]);
    const { summary, completeness } = await reported(api);
    expect(summary.calls).toEqual({ made: 6, confirmed: 2, unconfirmed: 2, missing: 2 });
    // A removal gives nothing, so only additions are in the difference.
    expect(completeness).toMatchObject({ isComplete: false, unseenCalls: ["eks-2-1", "eks-3-1"] });
    const said = (await shownReport(api)).out();
    expect(said).toContain("eks-2-1: a call to EKS that no event confirms");
    expect(said).toContain("NO: see below");
  });

  it("Findings of the period are listed with who acknowledged them, and on the requests that they touch", async () => {
    const late = findingAbout(1, "2026-10-05T10:30:00.000Z", "a drill");
    const open = findingAbout(1, "2026-11-03T10:30:00.000Z");
    const outside = findingAbout(1, "2026-11-21T10:30:00.000Z");
    const report = await reported(reportApi([GOOD], [...late, ...open, ...outside]));
    expect(report.findings).toMatchObject([
      { code: "outside-change", acknowledgedBy: [{ actor: "dave", note: "a drill" }] },
      { code: "outside-change", acknowledgedBy: [] },
    ]);
    expect(report.summary.findings).toEqual({ open: 1, acknowledged: 1 });
    expect(report.rows[0]?.findings).toHaveLength(2);
    expect(report.completeness).toMatchObject({ events: 3, findings: 2, isComplete: true });
  });

  it("A request that began before the period is in its population, and its earlier events count", async () => {
    const { summary, rows } = await reported(reportApi([GOOD]), { from: "2026-10-05T10:30Z" });
    expect(summary).toMatchObject({ requests: 1, asked: 0, grants: 1, approvers: [] });
    expect(summary.calls).toMatchObject({ made: 1, confirmed: 1 });
    expect(rows[0]?.activeAt).toBe("2026-10-05T10:02:00.000Z");
  });

  it("A call that served two requests counts once, and stands on both", async () => {
    const report = await reported(reportApi([GOOD, { number: 2, at: DAY, callsOf: 1 }]));
    expect(report.summary.calls).toMatchObject({ made: 2, confirmed: 2 });
    expect(report.rows.map(({ calls }) => calls.made)).toEqual([2, 2]);
    expect(report.completeness).toMatchObject({ confirmedCalls: 1, unseenCalls: [] });
  });

  it("A report says up to when the API's list is complete, and not up to when it was asked for", async () => {
    const api = reportApi([GOOD]);
    const to = "2026-10-31T23:59:00.000Z";
    const late = {
      ...api,
      send: async <Answer>(call: Parameters<typeof api.send>[0]): Promise<Answer> => ({
        ...(await api.send<Answer>(call)),
        ...(call.path === "/v1/audit/events" ? { to } : {}),
      }),
    };
    expect((await reported(late)).to).toBe(to);
  });

  it("A report in pages is the same as one in a single page", async () => {
    const stories = Array.from(
      { length: 20 },
      (_none, at): Story => ({ number: at + 1, at: on(at + 1) }),
    );
    const whole = await written(reportApi(stories), "json");
    expect(await written(reportApi(stories, [], 3), "json")).toBe(whole);
  });

  it("A report never replaces a file without --overwrite", async () => {
    const out = path.join(folder, "earlier.csv");
    writeFileSync(out, "earlier evidence");
    const { context } = fakeTerminal({ api: reportApi([GOOD]) });
    const writing = auditReport(context, { from: FROM, to: TO, format: "csv", out });
    await expect(writing).rejects.toMatchObject({ code: "already-there", exit: "usage" });
    expect(readFileSync(out, "utf8")).toBe("earlier evidence");
  });

  it("A report as CSV has one request a line, harmless to spreadsheets", async () => {
    const csv = await written(reportApi([{ ...GOOD, reason: "=HYPERLINK(1) ticket" }]), "csv");
    const [head = "", first = "", ...rest] = csv.split("\r\n");
    expect(head).toContain('"requestId","requester","cluster"');
    expect(first).toContain(`"${idOf(1)}","alice","prod"`);
    expect(first).toContain('"\'=HYPERLINK(1) ticket"');
    expect(rest).toEqual([""]);
  });

  it("The page of a report runs nothing, loads nothing, and shows markup from outside as text", async () => {
    const reason = `<script>x</script>${HOSTILE_TEXT.toWellFormed()}`;
    const stories = [{ ...GOOD, reason, approver: `<b onclick="x">bob` }];
    const html = await written(reportApi(stories, findingAbout(1, DAY, reason)), "html");
    expect(html).not.toMatch(/<script|<img|<link|<b on|https?:\/\//);
    expect(html).toContain("&lt;b onclick=&quot;x&quot;&gt;bob");
    expect(rawIn(html, "\n")).toEqual([]);
    expect(html.match(/<svg viewBox="0 0 720/g)).toHaveLength(3);
  });

  it("A page counts requests per week, attempts, and grants whose end is not confirmed", async () => {
    const html = await written(reportApi([GOOD]), "html");
    for (const words of ["Requests per week", "Unauthorized attempts", "end not yet confirmed"])
      expect(html).toContain(words);
  });

  it("A period without a request has a report in every form", async () => {
    const api = () => reportApi([]);
    expect((await reported(api())).summary.requests).toBe(0);
    expect(await written(api(), "html")).toContain("There was none in this period.");
    expect((await written(api(), "csv")).split("\r\n")).toHaveLength(2);
    expect((await shownReport(api())).out()).toContain("  0, 0 of them asked in this time");
  });

  it("timelatch audit report says at a terminal how much it has read, and leaves nothing of it", async () => {
    const terminal = await shownReport(reportApi([GOOD], [], 2));
    expect(terminal.err()).toContain("Read 4 events, 0 records of evidence …");
    expect(terminal.err().endsWith("\r\u001b[K")).toBe(true);
  });

  it("timelatch audit report writes its file whole or not at all", async () => {
    await expect(
      written(reportApi([GOOD]), "html", { out: path.join(folder, "none", "report.html") }),
    ).rejects.toThrow("nothing stands under its name");
    expect(readdirSync(folder)).toEqual([]);
    await written(reportApi([GOOD]), "html");
    expect(readdirSync(folder)).toEqual(["report.html"]);
  });
});
