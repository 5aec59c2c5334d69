import { describe, expect, it } from "vitest";
import { reach } from "../../cli/commands/reach.ts";
import type { ClusterAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { GrantThenAnswer, ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { aCluster, aStanding, clusterApi, THE_CREATORS } from "./sample-clusters.ts";
import { found } from "./sample-findings.ts";
import { AT, GRANT, THEN } from "./sample-reach.ts";

const OLD = { startedAt: "2026-11-23T10:00:00.000Z", completedAt: "2026-11-23T10:01:00.000Z" };

async function shown(cluster: ClusterAnswer, options: { readonly json?: boolean } = {}) {
  const elsewhere = { ...GRANT, cluster: "staging" };
  const api = clusterApi(cluster, [aStanding(), THE_CREATORS], [GRANT, elsewhere]);
  const terminal = fakeTerminal({ api, ...options });
  await reach(terminal.context, { cluster: "prod" });
  return terminal.out();
}

const wordsOf = (text: string) => text.replace(/\s+/g, " ");

const NO_READING = { reading: null, following: null, changed: [] };

/** Alice's grant was active at noon of the day before; two others stood there by a reading of two hours before. */
const STOOD = { readAt: "2026-11-23T09:59:00.000Z" };

/** Three pages: the grant, a finding, and what stood there. */
async function shownThen(
  changes: Partial<ReachAnswer> = {},
  json = false,
  at = "2026-11-23T12:00Z",
) {
  const nothing = { grants: [], findings: [], entries: [], leftOut: 0 };
  const first = { ...THEN, ...changes };
  const entries = first.standing.reading ? [aStanding(STOOD), { ...THE_CREATORS, ...STOOD }] : [];
  const pages = [
    { ...first, findings: [], next: "1" },
    { ...first, ...nothing, findings: first.findings, next: "2" },
    { ...first, ...nothing, entries },
  ];
  const api = fakeApi(({ query }) => pages[Number(query?.["cursor"] ?? 0)]);
  const terminal = fakeTerminal({ api, json });
  await reach(terminal.context, { cluster: "prod", at });
  return { out: terminal.out(), err: terminal.err(), calls: api.calls };
}

describe("timelatch reach --at", () => {
  it("It says which instant it understood, and lists who could reach the cluster then", async () => {
    const { out, err, calls } = await shownThen();
    expect(calls[0]).toMatchObject({ path: "/v1/clusters/prod/reach", query: { at: AT } });
    expect(err).toContain("at 2026-11-23 12:00 UTC.");
    expect(wordsOf(out)).toMatch(
      /^prod: 1 through a grant, 2 standing by the reading of 10:00 UTC, 2h before\. /,
    );
    const who = ["role/admin", "alice", "role/people/carol"].map((name) => out.indexOf(name));
    expect(who).toEqual(who.toSorted((a, b) => a - b));
    expect(wordsOf(out)).toContain("role/admin: standing, read 2h1m before");
    expect(wordsOf(out)).toContain("active since 11:00:10 UTC, over at 12:58:20 UTC");
    expect(out).not.toContain("not known");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each<[GrantThenAnswer["state"], Partial<GrantThenAnswer>, string]>([
    ["active", { goneAt: null }, "to end at 12:58 UTC"],
    ["ending", {}, "its end had begun, over at 12:58:20 UTC"],
    ["ending", { goneAt: null }, "no read has shown it over to this day"],
    ["approved", {}, "its access was being added, and EKS first showed it at 11:00:10 UTC"],
    ["approved", { effectiveAt: null }, "no read has ever shown its access"],
    ["unknown", {}, "its audit events do not bear out what it was then"],
    ["lent" as "active", {}, "lent"],
  ])("A grant that was %s with %j reads so", async (state, changes, said) => {
    const grants = THEN.grants.map((grant) => ({ ...grant, ...changes, state }));
    expect(wordsOf((await shownThen({ grants })).out)).toContain(said);
  });

  it.each<[string, Partial<ReachAnswer>, string]>([
    [
      "nobody had read the cluster",
      { standing: { ...NO_READING, unknown: "not-read" } },
      "nobody had read the cluster yet.",
    ],
    [
      "no reading was kept",
      { standing: { ...NO_READING, unknown: "not-kept" } },
      "no reading from before it was kept.",
    ],
    [
      "it was old",
      { standing: { ...THEN.standing, unknown: "too-old" } },
      "after that reading is not known.",
    ],
    [
      "it was another cluster",
      {
        at: "2026-10-30T12:00:00.000Z",
        standing: { ...NO_READING, unknown: "another-cluster" },
      },
      "the cluster of today was made later, at 2026-11-01",
    ],
    [
      "the reading is of another cluster",
      { standing: { ...NO_READING, unknown: "another-cluster" } },
      "the last reading is of an earlier cluster, and this one was made at 2026-11-01",
    ],
    [
      "a later release says why",
      { standing: { ...NO_READING, unknown: "lost" as "not-read" } },
      "is not known: lost.",
    ],
    [
      "only the archive has the list",
      { standing: { ...NO_READING, unknown: "archived" } },
      "Ask the archive for that time: timelatch reach --archive",
    ],
    [
      "the archive never had the list",
      { standing: { ...NO_READING, unknown: "not-archived" } },
      "the archive does not have what it found.",
    ],
    [
      "no reading followed yet",
      { standing: { ...THEN.standing, following: null } },
      "There is no reading after that one yet",
    ],
    [
      "the next reading found something else",
      {
        standing: {
          ...THEN.standing,
          unknown: "changed",
          changed: [
            { principalArn: "arn:aws:iam::111122223333:role/x", changedAt: null },
            {
              principalArn: "arn:aws:iam::999999999999:role/y",
              changedAt: "2026-11-23T11:30:00.000Z",
            },
          ],
        },
      },
      "The reading of 2026-11-23 16:00 UTC found something else. What had changed by then is not known: role/x at an unknown time; 999999999999:role/y before that instant, at 2026-11-23 11:30 UTC.",
    ],
    [
      "many entries changed",
      {
        standing: {
          ...THEN.standing,
          unknown: "changed",
          changed: Array.from({ length: 7 }, (_, at) => ({
            principalArn: `arn:aws:iam::111122223333:role/r${at}`,
            changedAt: null,
          })),
        },
      },
      "role/r4 at an unknown time; and 2 more.",
    ],
    [
      "the lists are too large to compare",
      { standing: { ...THEN.standing, unknown: "changed", changed: null } },
      "too large to compare here",
    ],
    ["grants are not listed yet", { since: null }, "No grant is in the list there yet."],
    [
      "some grants are older than the list",
      { since: "2026-11-23T00:00:00.000Z" },
      "The list of grants begins at 2026-11-23 00:00 UTC. Grants that an earlier release approved are not in it.",
    ],
    ["a record is unsound", { leftOut: 1 }, "One entry of the list of grants has no sound record."],
    ["it was a moment ago", { at: "2026-11-24T10:00:00.000Z" }, "findings may still come."],
  ])("What is not known is said where %s", async (_, changes, said) => {
    expect(wordsOf((await shownThen(changes)).out)).toContain(said);
  });

  it("Findings around the instant are beside it", async () => {
    const { out } = await shownThen({ findings: [found()] });
    expect(wordsOf(out)).toContain(
      "Findings from an hour before to an hour after changed from outside",
    );
  });

  it("--json has what the API answered, pages in one", async () => {
    const { out } = await shownThen({}, true);
    expect(JSON.parse(out)).toMatchObject({
      at: AT,
      clusters: [{ at: AT, grants: [{ id: GRANT.id }], entries: [{}, {}] }],
    });
  });

  it("An instant to come is refused before anything is sent", async () => {
    await expect(shownThen({}, false, "2026-11-24T10:06Z")).rejects.toThrow("is to come");
  });
});

describe("timelatch reach", () => {
  it("Grants and standing access stand in one list, most power first, in 80 columns", async () => {
    const text = await shown(aCluster());
    expect(text).toMatch(
      /^prod: 1 through a grant, 2 standing\. Standing access was read 3m ago\.\n/,
    );
    const who = ["role/admin", "alice", "role/people/carol"].map((name) => text.indexOf(name));
    expect(who).toEqual(who.toSorted((a, b) => a - b));
    expect(wordsOf(text)).toContain("everything role/admin: standing, read 3m30s ago");
    expect(wordsOf(text)).toContain(
      "alice: grant, until 10:59 UTC (54m left) AmazonEKSEditPolicy in",
    );
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each<[string, Partial<ClusterAnswer>, string]>([
    ["was not read", { standing: null }, "is not known: not read yet."],
    ["is of yesterday", { standing: { ...OLD, read: 5, explained: 2 } }, "since is not known."],
    [
      "could not be read again",
      { failure: { code: "AccessDeniedException", at: "2026-11-24T10:03:00.000Z" } },
      "AccessDeniedException",
    ],
  ])("What is not known is said: standing access that %s", async (_what, changes, said) => {
    expect(wordsOf(await shown(aCluster(changes)))).toContain(said);
  });

  it("Where EKS reads aws-auth too, whoever is in it is said to be missing", async () => {
    const text = await shown(aCluster({}, { authenticationMode: "API_AND_CONFIG_MAP" }));
    expect(wordsOf(text)).toContain("Whoever is in it has access that is not listed.");
  });

  it("--json has what the API answered, and the instant", async () => {
    const found = JSON.parse(await shown(aCluster(), { json: true }));
    expect(found).toMatchObject({
      clusters: [{ cluster: { name: "prod" }, grants: [{ id: GRANT.id }], entries: [{}, {}] }],
    });
    expect(found.at).toMatch(/^2026-11-24T/);
  });
});
