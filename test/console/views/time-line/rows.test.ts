import { describe, expect, it } from "vitest";
import { barOf, inLanes } from "../../../../console/views/time-line/bars.ts";
import { entriesOf } from "../../../../console/views/time-line/entries.ts";
import {
  findingsOn,
  grantsOn,
  rowsOf,
  type Seen,
} from "../../../../console/views/time-line/rows.ts";
import { unknownIn } from "../../../../console/views/time-line/unknown.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { GrantSummary } from "../../../../shared/http/contract/grant-answer.ts";
import { aCluster, arnOf, aStanding } from "../../../cli/sample-clusters.ts";
import { found } from "../../../cli/sample-findings.ts";
import { answerTo, approved, asked, idOf } from "../../../cli/sample-requests.ts";

const NOW = "2026-11-24T10:00:00.000Z";
const at = (minutes: number) => plusSeconds(NOW, minutes * 60);
const DAY = { from: at(-1_320), to: at(120) };
const CLUSTER = aCluster({ name: "prod" });
const ALICES = arnOf("role/people/alice");

/** Alice's, active from ten minutes ago, and until in half an hour. */
const grant = (over: Partial<GrantSummary> = {}): GrantSummary => ({
  ...answerTo(approved(asked())),
  ...{ id: idOf(1), requester: "alice", principalArn: ALICES, cluster: "prod", state: "active" },
  ...{ startsAt: null, approvedAt: at(-11), effectiveAt: at(-10), endedAt: null },
  ...{ revokeAt: at(30), expiresAt: at(32) },
  ...over,
});
const ended = grant({ id: idOf(2), state: "ended", effectiveAt: at(-300), endedAt: at(-200) });
const seen = (over: Partial<Seen> = {}): Seen => ({
  ...{ cluster: CLUSTER, grants: [], findings: [], entries: [] },
  ...over,
});
const finding = (principalArn: string, eventTime: string, cluster = CLUSTER.clusterArn) => ({
  ...found("outside-change", { principalArn, eventTime }),
  chain: `${cluster}#2026-11`,
});

describe("a bar of the time line", () => {
  it("It goes from the read that showed the access to the read that proved its end", () => {
    expect(barOf(ended, NOW)).toMatchObject({ from: at(-300), to: at(-200), until: at(-200) });
  });

  it("While the access is active it goes up to now, and what is to come up to its end", () => {
    expect(barOf(grant(), NOW)).toMatchObject({ from: at(-10), to: NOW, until: at(30) });
    const stuck = grant({ state: "ending", revokeAt: at(-3), expiresAt: at(-1) });
    expect(barOf(stuck, NOW)).toMatchObject({ to: NOW, until: NOW });
  });

  it("A grant that starts later is to come as a whole", () => {
    const later = grant({ state: "approved", effectiveAt: null, startsAt: at(20) });
    expect(barOf(later, NOW)).toMatchObject({ from: at(20), to: at(20), until: at(32) });
  });

  it("A grant that ended before it was seen has no bar, and a row of the table that says so", () => {
    const failed = grant({ state: "failed", effectiveAt: null, endedAt: at(-5) });
    expect(barOf(failed, NOW)).toBeUndefined();
    expect(rowsOf(seen({ grants: [failed] }), DAY, NOW)).toEqual([]);
    expect(entriesOf(seen({ grants: [failed] }), DAY, NOW)).toMatchObject([
      { who: "alice", what: expect.stringContaining("failed, never seen active") },
    ]);
  });

  it("Its power is that of the policy, and unknown for groups", () => {
    expect(barOf(grant(), NOW)?.power).toBe("edit");
    expect(barOf(grant({ access: { groups: ["x"] } }), NOW)?.power).toBe("unknown");
  });

  it("Bars of one time stand under each other, and take the first free lane after that", () => {
    const bars = [ended, grant(), grant({ id: idOf(3), effectiveAt: at(-250), endedAt: at(-100) })];
    const lanes = inLanes(bars.flatMap((each) => barOf(each, NOW) ?? []));
    expect(lanes.map(({ id, lane }) => [id, lane])).toEqual([
      [idOf(2), 0],
      [idOf(3), 1],
      [idOf(1), 0],
    ]);
  });
});

describe("the rows of the time line", () => {
  it("Each person has one, with the findings about and the standing access of their principals", () => {
    const all = seen({
      grants: [grant(), ended, grant({ id: idOf(4), requester: "bob", principalArn: "b" })],
      findings: [finding(ALICES, at(-60)), finding(arnOf("role/ci"), at(-50))],
      entries: [
        aStanding({ principalArn: ALICES, readAt: at(-30) }),
        aStanding({ principalArn: arnOf("role/admin"), readAt: at(-30), power: "everything" }),
      ],
    });
    const rows = rowsOf(all, DAY, NOW);
    expect(
      rows.map(({ who, bars, marks, shades }) => [who, bars.length, marks.length, shades.length]),
    ).toEqual([
      ["alice", 2, 1, 1],
      ["bob", 1, 0, 0],
      ["role/ci", 0, 1, 0],
      ["role/admin", 0, 0, 1],
    ]);
    expect(entriesOf(all, DAY, NOW)).toHaveLength(7);
  });

  it("The table says who approved a grant, where the API does", () => {
    const whatOf = (over: Partial<GrantSummary>) =>
      entriesOf(seen({ grants: [grant(over)] }), DAY, NOW)[0]?.what;
    expect(whatOf({ approvedBy: ["bob", "carol"] })).toMatch(/; approved by bob and carol$/);
    for (const over of [{}, { approvedBy: [] }]) expect(whatOf(over)).not.toContain("approved by");
  });

  it("Standing access is on the row of whoever alone holds the principal by access.yaml", () => {
    const held = (people: readonly string[]) => {
      const entries = [aStanding({ principalArn: arnOf("role/x"), readAt: at(-30), people })];
      const all = seen({ grants: [grant()], entries });
      return [
        ...rowsOf(all, DAY, NOW).map(({ who, shades }) => [who, shades.length]),
        entriesOf(all, DAY, NOW)[0]?.who,
      ];
    };
    expect(held(["alice"])).toEqual([["alice", 1], "alice (role/x)"]);
    expect(held(["alice", "bob"])).toEqual([["alice", 0], ["role/x", 1], "alice, bob (role/x)"]);
  });

  it("The table leaves out a role's path, and the account only where it is the cluster's", () => {
    const whoOf = (principalArn: string, people: readonly string[]) =>
      entriesOf(
        seen({ entries: [aStanding({ principalArn, readAt: at(-30), people })] }),
        DAY,
        NOW,
      )[0]?.who;
    expect(whoOf(arnOf("role/a/b/carol"), ["carol"])).toBe("carol (role/…/carol)");
    expect(whoOf(arnOf("role/a/b/carol"), [])).toBe("role/…/carol");
    expect(whoOf("arn:aws:iam::999999999999:role/a/ci", [])).toBe("999999999999:role/…/ci");
  });

  it("Standing access is shown from its reading on, for twelve hours at most", () => {
    const shadeOf = (readAt: string) =>
      rowsOf(seen({ entries: [aStanding({ readAt })] }), DAY, NOW)[0]?.shades;
    expect(shadeOf(at(-60))).toMatchObject([{ from: at(-60), to: NOW }]);
    expect(shadeOf(at(-1_000))).toMatchObject([{ from: at(-1_000), to: at(-280) }]);
  });

  it("What is outside of the interval is not shown", () => {
    const hour = { from: at(-60), to: at(0) };
    const all = seen({
      grants: [
        ended,
        grant({ id: idOf(5), state: "approved", effectiveAt: null, startsAt: at(20) }),
      ],
      findings: [finding(ALICES, at(-61))],
      entries: [aStanding({ readAt: at(-2_000) })],
    });
    expect(rowsOf(all, hour, NOW)).toEqual([]);
    expect(entriesOf(all, hour, NOW)).toEqual([]);
  });

  it("An open grant that the list of the interval lacks is there too, once, and of this cluster only", () => {
    const open = [grant(), grant({ id: idOf(6) }), grant({ id: idOf(7), cluster: "staging" })];
    expect(grantsOn(CLUSTER, [grant()], open).map(({ id }) => id)).toEqual([idOf(1), idOf(6)]);
    const others = finding(ALICES, at(-60), CLUSTER.clusterArn.replace("prod", "other"));
    expect(findingsOn(CLUSTER, [others])).toEqual([]);
  });
});

describe("what the time line does not know", () => {
  const page = (over: object) => ({ requests: [grant()], since: at(-9_000), leftOut: 0, ...over });

  it("Nothing is unknown where the list is whole", () => {
    expect(unknownIn([page({})], DAY, NOW)).toEqual([]);
  });

  it("The time before the first grant in the list is unknown, or all of it without one", () => {
    expect(unknownIn([page({ since: at(-60) })], DAY, NOW)).toEqual([
      { from: DAY.from, to: at(-60) },
    ]);
    expect(unknownIn([page({ since: null, requests: [] })], DAY, NOW)).toEqual([
      { from: DAY.from, to: NOW },
    ]);
  });

  it("The time after the last grant that was read is unknown where the list goes on", () => {
    expect(unknownIn([page({}), page({ next: "more" })], DAY, NOW)).toEqual([
      { from: at(-11), to: NOW },
    ]);
    expect(unknownIn([page({ requests: [], next: "more" })], DAY, NOW)).toEqual([
      { from: DAY.from, to: NOW },
    ]);
  });
});
