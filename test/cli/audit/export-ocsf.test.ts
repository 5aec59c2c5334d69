import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import { auditExport } from "../../../cli/commands/audit-export.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { ArchivedRecord } from "../../../shared/domain/evidence/archive/archived-record.ts";
import type { OcsfEvent } from "../../../shared/domain/evidence/ocsf/ocsf-parts.ts";
import { checkOcsf } from "../../shared/domain/evidence/ocsf/check-ocsf.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { acknowledged, confirmed, evidenceOf, findingsOf, ID, wholeLife } from "./bundle-world.ts";

const ONE = wholeLife();
const OTHER = wholeLife({ id: idOf(2) });
const EVENTS = [...ONE.events, ...OTHER.events].toSorted((a, b) => (a.at < b.at ? -1 : 1));
const EVIDENCE = evidenceOf(ID, [confirmed("eks-1"), confirmed("eks-2"), confirmed("eks-3")]);
const RECORDS: readonly ArchivedRecord[] = [
  ...EVIDENCE.map((record) => ({ chain: `EVID#${ID}`, record })),
  ...findingsOf(acknowledged("Planned")).map((record) => ({
    chain: `FIND#${record.chain}`,
    record,
  })),
];

/** The same, but the findings are the oldest. */
const FOUND_EARLY = RECORDS.map(({ chain, record }) => ({
  chain,
  record: chain.startsWith("FIND#") ? { ...record, at: "2026-11-24T10:39:00.000Z" } : record,
})).toSorted((a, b) => (a.record.at < b.record.at ? -1 : 1));

/** Up to when the API lists; its clock is ahead of the terminal's, at 10:05. */
const NOON = "2026-11-24T12:00:00.000Z";
const PAGE = 3;

/** An API with the events up to a time. Its pages are short, and `failing` breaks calls. */
function apiAt(
  now: string,
  {
    failing = () => false,
    records = RECORDS,
  }: {
    readonly failing?: (call: Call) => boolean;
    readonly records?: readonly ArchivedRecord[];
  } = {},
) {
  const within = <Item extends object>(
    items: readonly Item[],
    at: (item: Item) => string,
    { query }: Call,
    name: string,
  ) => {
    const [from = "", asked = ""] = [query?.["from"], query?.["to"]];
    const to = asked < now ? asked : now;
    const begin = Number(query?.["cursor"] ?? 0);
    const all = items.filter((item) => at(item) >= from && at(item) < to);
    const more = all.length > begin + PAGE ? { next: String(begin + PAGE) } : {};
    return { [name]: all.slice(begin, begin + PAGE), to, ...more };
  };
  return fakeApi((call) => {
    if (failing(call)) throw broken();
    if (call.path === "/v1/audit/events") return within(EVENTS, ({ at }) => at, call, "events");
    if (call.path === "/v1/audit/records")
      return within(records, ({ record }) => record.at, call, "records");
    const life = call.path.includes(ID) ? ONE : OTHER;
    if (call.path.endsWith("/events")) return { events: life.events };
    return { calls: [], records: life === ONE ? EVIDENCE : [], findings: [] };
  });
}

const broken = () =>
  new Failure("unavailable", "unavailable", {
    what: "It is down.",
    notDone: "Nothing was done.",
    next: ["Next: wait."],
  });

const DAY = { from: "2026-11-24", to: "2026-11-25", format: "ocsf" } as const;

describe("timelatch audit export --format ocsf", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "timelatch-ocsf-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => path.join(folder, "q4.ocsf");
  const context = (api: ReturnType<typeof apiAt>) => ({
    ...fakeTerminal({ api }).context,
    now: () => "2026-11-24T11:00:00.000Z",
  });
  async function exported(api: ReturnType<typeof apiAt>, options: object = DAY) {
    await auditExport(context(api), { ...options, out: file() });
    const lines = readFileSync(file(), "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as OcsfEvent & { readonly metadata: Metadata });
  }
  interface Metadata {
    readonly original_event_uid?: string;
    readonly correlation_uid: string;
  }
  const callsOf = (events: Awaited<ReturnType<typeof exported>>) =>
    events
      .filter(({ class_uid, metadata }) => class_uid === 6003 && metadata.correlation_uid === ID)
      .map(({ metadata }) => metadata.original_event_uid);

  it("An export in OCSF has every event, each call with its confirmation, and the findings", async () => {
    const events = await exported(apiAt(NOON));
    for (const event of events) checkOcsf(event);
    const classes = events.map(({ class_uid }) => class_uid);
    expect(classes.filter((one) => one === 2004)).toHaveLength(2);
    expect(classes.filter((one) => one === 3004 || one === 3005)).toHaveLength(EVENTS.length);
    expect(callsOf(events)).toEqual(["event-eks-1", "event-eks-2", "event-eks-3"]);
  });

  it("A confirmation that was recorded after the time of the export counts", async () => {
    // The calls are of 10:02 and 10:31, their confirmations of 10:40 and later.
    const events = await exported(apiAt(NOON), { ...DAY, to: "2026-11-24T10:35Z" });
    expect(callsOf(events)).toEqual(["event-eks-1", "event-eks-2", "event-eks-3"]);
    expect(events.map(({ class_uid }) => class_uid)).not.toContain(2004);
  });

  it("Calls of before the time of the export are confirmed by the evidence of their request", async () => {
    const late = { ...DAY, from: "2026-11-24T10:31Z" };
    expect(callsOf(await exported(apiAt(NOON, { records: [] }), late))).toEqual([
      "event-eks-1",
      "event-eks-2",
      "event-eks-3",
    ]);
  });

  it("An export in OCSF ends where the records end, so that the next one has the findings after it", async () => {
    const api = apiAt("2026-11-24T10:20:00.000Z");
    await exported(api);
    const asked = api.calls.filter(({ path: asks }) => asks === "/v1/audit/events");
    expect(asked[0]?.query?.["to"]).toBe("2026-11-24T10:20:00.000Z");
  });

  it.each([2, 3, 4])(
    "An export in OCSF continues after it broke at page %i of events, to the same bytes",
    async (page) => {
      // One call is confirmed by then. Later, the others are too.
      const then = "2026-11-24T10:41:00.000Z";
      const records = FOUND_EARLY;
      const ended = await exported(apiAt(then, { records }));
      expect(callsOf(ended)).toEqual(["event-eks-1", undefined, undefined]);
      const whole = readFileSync(file(), "utf8");
      for (const each of [file(), `${file()}.manifest.json`]) rmSync(each);
      let pages = 0;
      const failing = ({ path: asks }: Call) => {
        if (asks === "/v1/audit/events") pages += 1;
        return pages === page;
      };
      const stopped = auditExport(context(apiAt(then, { failing, records })), {
        ...DAY,
        out: file(),
      });
      await expect(stopped).rejects.toThrow("It is down.");
      await auditExport(context(apiAt(NOON, { records })), { resume: file() });
      expect(readFileSync(file(), "utf8")).toBe(whole);
      expect(readdirSync(folder)).toEqual(["q4.ocsf", "q4.ocsf.manifest.json"]);
    },
  );

  it("An export in OCSF writes hidden characters as JSON's escapes", async () => {
    const [, note] = findingsOf(acknowledged("Planned\u202e"));
    const records = [{ chain: `FIND#${note?.chain}`, record: note as never }];
    const [first] = await exported(apiAt(NOON, { records }));
    expect(first?.["comment"]).toBe("Planned\u202e");
    expect(readFileSync(file(), "utf8")).not.toContain("\u202e");
  });

  it("An export in OCSF leaves nothing behind where its records cannot be read", async () => {
    const failing = ({ path: asks }: Call) => asks === "/v1/audit/records";
    const api = apiAt(NOON, { failing });
    await expect(auditExport(context(api), { ...DAY, out: file() })).rejects.toThrow("It is down.");
    expect(readdirSync(folder)).toEqual([]);
  });
});
