/** The records that a run must leave: begins, summaries, and the event bus. */
import { describe, expect, it } from "vitest";
import { BEGINS, slowestBegin } from "../../../lab/chaos/judge/begins.ts";
import { BUS } from "../../../lab/chaos/judge/bus.ts";
import type { Seen, SeenFinding, SeenRequest } from "../../../lab/chaos/judge/seen.ts";
import { SUMMARIES } from "../../../lab/chaos/judge/summaries.ts";
import { sealedDay } from "../../../lab/chaos/look/archive.ts";
import { makePlan } from "../../../lab/chaos/plan/make-plan.ts";
import { idsOnBus } from "../../../lab/chaos/stage/watch-bus.ts";
import { at, CLEAN, GRANT, historyOf, instant } from "./clean-run.ts";

describe("Begins", () => {
  const run = (seconds: number, over: Partial<Seen> = {}, request: object = {}): Seen => ({
    ...CLEAN,
    requests: [
      {
        ...GRANT,
        request: { ...GRANT.request, ...request },
        events: historyOf(["request", -1], ["approve", 0], ["activate", seconds]),
      },
    ],
    ...over,
  });
  const late = (...given: Parameters<typeof run>) => BEGINS.judge(run(...given)).length;

  it("A grant begins within fifteen seconds of its approval, or of its start", () => {
    expect([late(15), late(16)]).toEqual([0, 1]);
    expect([
      late(30, {}, { startsAt: instant(15) }),
      late(31, {}, { startsAt: instant(15) }),
    ]).toEqual([...[0, 1]]);
    expect([slowestBegin(run(9)), slowestBegin({ ...CLEAN, requests: [] })]).toEqual([
      9,
      undefined,
    ]);
  });

  it("A disturbance that held it up excuses it, only on its cluster, and so does a grant that goes on", () => {
    const held = (cluster: string) => ({
      disturbances: [{ from: at(1), to: at(2), holdsUpSeconds: 13, what: "a kill", cluster }],
    });
    expect([late(20, held("prod")), late(20, held("staging"))]).toEqual([0, 1]);
    expect(late(20, {}, { extends: "r0" })).toBe(0);
  });
});

describe("Summaries of activity", () => {
  const withSummaries = (count: number, request: object = {}): readonly SeenRequest[] => [
    {
      ...GRANT,
      request: { ...GRANT.request, endedAt: instant(34), effectiveAt: instant(2), ...request },
      evidence: {
        ...GRANT.evidence,
        records: Array.from({ length: count }, () => ({ type: "activity" })),
      } as unknown as SeenRequest["evidence"],
    },
  ];
  const judged = (...given: Parameters<typeof withSummaries>) =>
    SUMMARIES.judge({ ...CLEAN, requests: withSummaries(...given) }).map(({ detail }) => detail);

  it("Each grant that ended on a cluster with activity has exactly one", () => {
    expect(judged(1)).toEqual([]);
    expect(judged(0)).toEqual(["It ended on prod, and has 0 summaries of what was done."]);
    expect(judged(2)).toEqual(["It ended on prod, and has 2 summaries of what was done."]);
  });

  it("A grant elsewhere needs no summary, nor does one that never began or has not ended", () => {
    for (const request of [{ cluster: "staging" }, { effectiveAt: null }, { endedAt: null }])
      expect(judged(0, request)).toEqual([]);
  });
});

describe("The event bus", () => {
  const ids = (...seqs: readonly number[]) => new Set(seqs.map((seq) => `r1#${seq}`));
  const all = ids(1, 2, 3, 4, 5);
  const found = { findingId: "f1", code: "outside-change", recordedAt: instant(9) };
  const judged = (bus: ReadonlySet<string>, over: Partial<Seen> = {}) =>
    BUS.judge({ ...CLEAN, bus, ...over }).map(({ detail }) => detail);

  it("Every step of every request was on it", () => {
    expect(judged(all)).toEqual([]);
    expect(judged(ids(1, 2, 3, 5))).toEqual(["Never on the event bus: its 4 expire."]);
  });

  it("Every finding was on it", () => {
    const findings = [found as unknown as SeenFinding];
    expect(judged(new Set([...all, "f1#7"]), { findings })).toEqual([]);
    expect(judged(all, { findings })).toEqual([
      "The finding f1, outside-change, was never on the event bus.",
    ]);
  });

  it("Every delegation was on it", () => {
    const delegations = [{ id: "d1", at: at(3) }];
    expect(judged(new Set([...all, "d1#1"]), { delegations })).toEqual([]);
    expect(judged(all, { delegations })).toEqual(["The delegation d1 was never on the event bus."]);
  });

  it("Ids are read only from the stack's bus", () => {
    const bus = (name: string, id: string) => ({ name, events: [{ detail: { id } }] });
    const buses = { a: bus("timelatch", "r1#1"), b: bus("default", "r2#1") };
    expect(idsOnBus(JSON.stringify({ buses }))).toEqual(["r1#1"]);
  });
});

describe("Hasty lives", () => {
  const plans = [1, 2, 3, 4].map((seed) => makePlan(seed, 5));
  const late = plans.flatMap((plan) =>
    plan.flatMap((one) =>
      one.kind === "aws-fault" &&
      one.rule["kind"] === "late" &&
      Number(one.rule["milliseconds"]) >= 3_000
        ? { plan, at: one.at }
        : [],
    ),
  );
  const kindsAfter = ({ plan, at: set }: (typeof late)[number], from: number, to: number) =>
    plan.flatMap((one) =>
      "life" in one && one.life > 100_000 && one.at >= set + from && one.at <= set + to
        ? one.kind
        : [],
    );

  it("A call lands late on a grant that ends a second or two after its approval", () => {
    const ends = late.flatMap((one) =>
      kindsAfter(one, 1_000, 2_200).filter((kind) => kind === "return" || kind === "revoke"),
    );
    expect(new Set(ends)).toEqual(new Set(["return", "revoke"]));
  });

  it("A repair lands late on a grant that runs out", () => {
    expect(late.flatMap((one) => kindsAfter(one, 0, 200))).toContain("strip");
  });
});

it("A day is sealed at noon of the day after by archive's clock, and the next one a day later", () => {
  const of = (now: string, days: number) => sealedDay(Date.parse(now), days);
  expect(of("2026-11-28T18:00:00Z", 0)).toEqual({
    clock: `archive=+${18 * 3_600}s`,
    seal: "seals/2026-11-28.json",
  });
  expect(of("2026-11-30T00:00:00Z", 1)).toEqual({
    clock: `archive=+${60 * 3_600}s`,
    seal: "seals/2026-12-01.json",
  });
});
