/** The API may answer anything: nothing that deceives the eye reaches the terminal or a file. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import { HOSTILE_TEXT, rawIn } from "../hostile-characters.ts";
import { aFinding } from "../shared/domain/evidence/finding-samples.ts";
import { type LoopbackApi, loopbackApi, type Reply } from "./loopback-api.ts";
import { run, runHere } from "./run-timelatch.ts";
import { LENT } from "./sample-access.ts";
import { aCluster, aStanding } from "./sample-clusters.ts";
import { found } from "./sample-findings.ts";
import { activated, aLife, answerTo, approved, asked, idOf } from "./sample-requests.ts";

/** Members that are parsed before they are shown: instants, and what chooses the layout. */
const PARSED = /At$|Time$|^(?:at|type|scope|schema|source|asOf|cursor|following)$/;

/** The document with hidden characters in every text that is shown. */
function spoiled(value: unknown, name = ""): unknown {
  if (typeof value === "string") return PARSED.test(name) ? value : value + HOSTILE_TEXT;
  if (Array.isArray(value)) return value.map((one) => spoiled(one, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoiled(one, key)]));
}

const ACTIVE = answerTo(activated(approved(asked())));
const EVENTS = aLife().events;
const FINDING = found("outside-change", { errorCode: "AccessDenied" });
const EVIDENCE = {
  calls: EVENTS.flatMap(callsIn).map((call) => ({
    ...call,
    at: "2026-11-24T10:02:00.000Z",
    state: "unconfirmed",
  })),
  records: [],
  findings: [aFinding()],
};
function reachedThen() {
  const { id, requester, principalArn, access, approvedAt, effectiveAt, revokeAt } = ACTIVE;
  const grant = { id, requester, principalArn, access, approvedAt, effectiveAt, revokeAt };
  return {
    cluster: aCluster(),
    at: "2026-11-24T10:00:00.000Z",
    since: "2026-11-01T00:00:00.000Z",
    startedFrom: "2026-11-23T10:00:00.000Z",
    standing: {
      ...{ reading: aCluster().standing, unknown: "changed", following: ACTIVE.revokeAt },
      changed: [{ principalArn, changedAt: null }],
    },
    grants: [{ ...grant, state: "active", startsAt: null, goneAt: null }],
    findings: [FINDING],
    entries: [aStanding({ groups: ["a"] })],
    leftOut: 0,
  };
}
const BY_PATH: readonly (readonly [RegExp, unknown])[] = [
  [/^\/v1\/requests\/[^/]+\/events/, { events: EVENTS }],
  [/^\/v1\/requests\/[^/]+\/evidence/, EVIDENCE],
  [/^\/v1\/findings/, { findings: [FINDING] }],
  [/^\/v1\/clusters$/, { clusters: [aCluster()] }],
  [/^\/v1\/clusters\/[^/]+\/reach/, reachedThen()],
  [/^\/v1\/clusters\//, { cluster: aCluster(), entries: [aStanding({ groups: ["a"] })] }],
  [/^\/v1\/requests\/[^/?]+$/, ACTIVE],
  [/^\/v1\/requests\?/, { requests: [ACTIVE] }],
  [/^\/v1\/grants/, { requests: [ACTIVE] }],
  [/^\/v1\/access/, LENT],
  [/^\/v1\/audit\/events/, { events: EVENTS, to: "2026-11-24T10:59:00.000Z" }],
];

let failing = false;
let api: LoopbackApi;
beforeAll(async () => {
  api = await loopbackApi(({ path }): Reply => {
    const body = BY_PATH.find(([pattern]) => pattern.test(path))?.[1];
    if (failing || body === undefined)
      return {
        status: 500,
        type: "application/problem+json",
        body: {
          type: "urn:timelatch:problem:internal-error",
          ...(spoiled({
            title: "T",
            detail: "D",
            instance: "i",
            errors: [{ pointer: "/a", detail: "b" }],
          }) as object),
        },
      };
    return { body: spoiled(body) };
  });
});
afterAll(() => api.close());

/** Exports and lists of clusters write to their process's own output. */
const timelatch = (args: readonly string[]) =>
  (["audit", "clusters"].includes(args[0] ?? "") ? run : runHere)(args, {
    env: { TIMELATCH_API: api.address },
  });
const EXPORT = ["audit", "export", "--from", "2026-11-24"];

describe("hidden characters in what the API answers", () => {
  it.each([
    [["show", idOf(1)]],
    [["show", idOf(1), "--json"]],
    [["findings"]],
    [["findings", "--all", "--json"]],
    [["findings", "show", FINDING.findingId]],
    [["clusters"]],
    [["clusters", "standing", "prod"]],
    [["clusters", "standing", "prod", "--json"]],
    [["clusters", "standing", "prod", "--format", "csv"]],
    [["reach", "--cluster", "prod"]],
    [["reach", "--cluster", "prod", "--json"]],
    [["reach", "--cluster", "prod", "--at", "2026-11-24T10:00Z"]],
    [["reach", "--cluster", "prod", "--at", "2026-11-24T10:00Z", "--json"]],
    [["list"]],
    [["grants"]],
    [["watch", "--once"]],
    [["access"]],
    [EXPORT],
    [[...EXPORT, "--format", "csv"]],
    [[...EXPORT, "--json"]],
  ])("Hidden characters from the API never reach the output of timelatch %j", async (args) => {
    failing = false;
    const { code, out, err } = await timelatch(args);
    expect(code).toBe(0);
    expect(out).toMatch(/u(?:\{202e\}|202e)/);
    expect(rawIn(out + err, args.includes("csv") ? "\r\n" : "\n")).toEqual([]);
  });

  it("Hidden characters never reach the terminal by a failure: its detail, pointers and instance", async () => {
    failing = true;
    const { code, err } = await run(["show", idOf(1)], { env: { TIMELATCH_API: api.address } });
    expect(code).not.toBe(0);
    expect(err).toContain("For the operators: i");
    expect(rawIn(err, "\n")).toEqual([]);
  });
});
