/** Access that a grant and something else give ends with the last of them, and not with the grant. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import type { EndProof } from "../../../shared/domain/requests/end-proof.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { apiOf, wholeLife } from "./bundle-world.ts";
import { reportApi, type Story } from "./report-world.ts";

const ALONE: EndProof = {
  hadBegun: true,
  readAt: "2026-11-24T10:30:50.000Z",
  stayed: [],
  stayedBy: [],
};
const SHARED: EndProof = { ...ALONE, stayed: ["ns/payments-api"], stayedBy: [idOf(2)] };
const STANDS: EndProof = { ...ALONE, stayed: ["cluster"], stayedBy: ["standing access"] };
const NEVER: EndProof = { hadBegun: false, readAt: null, stayed: [], stayedBy: [] };
const ALSO = `When it ended, its access in payments-api was also given by grant ${idOf(2)}.`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-shared-end-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The facts of the page's part about the end, as text. */
async function bundlePart(proof: EndProof | undefined): Promise<string> {
  const life = wholeLife({}, "go ahead", proof);
  const { context } = fakeTerminal({ api: apiOf({ ...life, evidence: [] }) });
  const out = path.join(folder, "bundle");
  await auditBundle(context, life.request.id, { out });
  const page = readFileSync(path.join(out, "index.html"), "utf8");
  const part = page.slice(page.indexOf('id="access"'), page.indexOf('id="calls"'));
  return textOf(part);
}

const textOf = (html: string): string =>
  html
    .slice(Math.max(0, html.indexOf("</style>")))
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

async function report(format: "html" | "csv" | "json", story: Partial<Story>): Promise<string> {
  const first: Story = { number: 1, at: "2026-10-05T10:00:00.000Z", ...story };
  const { context } = fakeTerminal({ api: reportApi([first]) });
  const out = path.join(folder, `report.${format}`);
  const period = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-20T00:00:00.000Z" };
  await auditReport(context, { ...period, format, out, overwrite: true });
  return readFileSync(out, "utf8");
}

describe("The end of access in an evidence bundle", () => {
  it("Where nothing else gave it, the page says when a read showed it gone", async () => {
    const said = await bundlePart(ALONE);
    expect(said).toContain("The access of this grant has ended.");
    expect(said).toMatch(/Gone, as read from EKS 2026-11-24 10:30:50/);
    expect(said).toContain("✓ in time");
  });

  it.each([
    ["another grant", SHARED, ALSO],
    ["standing access", STANDS, "on the whole cluster was also given by standing access."],
  ])("Where %s gave it too, the page does not say that it was gone", async (_, proof, also) => {
    const said = await bundlePart(proof);
    expect(said).toContain(also);
    expect(said).not.toMatch(/gone, as read|access of this grant has ended/i);
  });

  it("Where it never began, the page says that nothing was lent", async () => {
    const said = await bundlePart(NEVER);
    expect(said).toContain("Nothing was lent.");
    expect(said).not.toMatch(/gone, as read|✓ in time/i);
  });

  it("An end of an earlier release has its instant, and no claim", async () => {
    const said = await bundlePart(undefined);
    expect(said).toContain("This grant has ended.");
    expect(said).not.toMatch(/gone, as read/i);
  });
});

describe("The end of access in a report", () => {
  it("The page says of a grant whose access something else gave that it stayed", async () => {
    const shown = textOf(await report("html", { proof: SHARED }));
    expect(shown).toContain(`by expire ${ALSO}`);
    expect(textOf(await report("html", { proof: ALONE }))).not.toContain("also given");
  });

  it("A late end of such a grant is no late end of its access", async () => {
    const late = async (proof: EndProof) => textOf(await report("html", { proof, late: 90 }));
    expect(await late(ALONE)).toContain(`${idOf(1)} (alice on prod): gone 1m30s after its end`);
    const shared = await late(SHARED);
    expect(shared).not.toContain("gone 1m30s after its end");
    expect(shared).toContain(`${idOf(1)} (alice on prod): ended 1m30s late. ${ALSO}`);
  });

  it("The table and the document say what stayed, and by what", async () => {
    const [titles = "", row = ""] = (await report("csv", { proof: SHARED })).split("\r\n");
    const cell = (title: string) => row.split(",")[titles.split(",").indexOf(`"${title}"`)];
    expect(cell("stayed")).toBe('"ns/payments-api"');
    expect(cell("stayedBy")).toBe(`"${idOf(2)}"`);
    expect(JSON.parse(await report("json", { proof: SHARED }))).toMatchObject({
      summary: { stayed: [idOf(1)] },
      rows: [{ endProof: SHARED }],
    });
  });

  it("The page counts such grants", async () => {
    expect(textOf(await report("html", { proof: SHARED }))).toContain(
      "Ended, and something else gave the access 1 grant",
    );
  });
});
