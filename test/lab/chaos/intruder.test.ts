/** Somebody who writes into the tables during a run: the forgeries, and what the run is judged by then. */
import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../lab/chaos/judge/judgements.ts";
import type { Seen, SeenRequest } from "../../../lab/chaos/judge/seen.ts";
import { makePlan } from "../../../lab/chaos/plan/make-plan.ts";
import { reportOf, reportText } from "../../../lab/chaos/report.ts";
import type { Attack } from "../../../lab/chaos/stage/stage.ts";
import { ALICE, at, CLEAN, EDIT, GRANT, historyOf, instant, presence } from "./clean-run.ts";

const DAVE = ALICE.replace("alice", "dave");
const deed = (action: object, from: number, answer = "200"): Seen["deeds"][number] =>
  ({
    action: { at: 0, life: 1, person: "alice", ...action },
    answer,
    from: at(from),
    to: at(from),
  }) as Seen["deeds"][number];
const ASKED = deed({ kind: "ask", terms: "edit-api", seconds: 40 }, -1);
const APPROVED = deed({ kind: "approve", person: "bob" }, 0);
const attack = (over: Partial<Attack> = {}): Attack => ({
  cluster: "prod",
  principalArn: ALICE,
  request: "r1",
  at: at(10),
  ...over,
});
/** The grant ran out by itself, and somebody wrote into its record. */
const run = (over: Partial<Seen> = {}): Seen => ({
  ...CLEAN,
  deeds: [ASKED, APPROVED],
  attacks: [attack()],
  settledAt: at(400),
  ...over,
});
const broken = (over: Partial<Seen>) =>
  verdictsOn(run(over))
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
const other = (over: Partial<SeenRequest["request"]>): SeenRequest => ({
  ...GRANT,
  request: { ...GRANT.request, id: "r2", principalArn: DAVE, ...over },
});

describe("A run in which somebody writes into the tables", () => {
  it("Is judged by a sentence of its own, which no other run is judged by", () => {
    const named = (seen: Seen) => verdictsOn(seen).map(({ name }) => name);
    expect(named(run())).toContain("intruder");
    expect(named(CLEAN)).not.toContain("intruder");
    expect(broken({})).toEqual([]);
  });

  it("Access stays no longer than was approved, with the fuse's minute and half a minute more", () => {
    const until = (seconds: number) => broken({ presences: [presence({ to: at(seconds) })] });
    expect([until(135), until(137)]).toEqual([[], ["intruder"]]);
  });

  it("No stored end excuses access that stays", () => {
    const later = { ...GRANT, request: { ...GRANT.request, expiresAt: instant(9_000) } };
    const presences = [presence({ to: at(200) })];
    expect(broken({ requests: [later], presences })).toEqual(["intruder"]);
  });

  it.each([
    ["of another principal", { principalArn: DAVE }, ["bounds"]],
    [
      "of another attacked principal",
      { principalArn: ALICE.replace("alice", "mallory") },
      ["intruder"],
    ],
    ["on another cluster", { cluster: "staging" }, ["bounds"]],
    ["of another namespace", { element: "AmazonEKSEditPolicy:payments-web" }, ["intruder"]],
    ["before anybody asked", { from: at(-60) }, ["intruder"]],
  ])("Access %s is nobody's", (_, over, names) => {
    const mallory = attack({ principalArn: ALICE.replace("alice", "mallory"), request: "r9" });
    const presences = [presence(), presence(over)];
    expect(broken({ presences, attacks: [attack(), mallory] })).toEqual(names);
  });

  it("Access that nobody approved is nobody's, whatever is stored", () => {
    expect(broken({ deeds: [ASKED] })).toEqual(["intruder"]);
    expect(broken({ deeds: [ASKED, { ...APPROVED, answer: "403 forbidden" }] })).toEqual([
      "intruder",
    ]);
    expect(broken({ deeds: [ASKED, { ...APPROVED, answer: "no answer (timeout)" }] })).toEqual([]);
  });

  it("An approval that is forged with its event lends for its time, and one without lends nothing", () => {
    const forged = (lends: object, to: number) =>
      broken({
        deeds: [ASKED],
        attacks: [attack({ at: at(1), ...lends })],
        presences: [presence({ to: at(to) })],
      });
    expect([forged({ lendsSeconds: 40 }, 134), forged({ lendsSeconds: 40 }, 139)]).toEqual([
      [],
      ["intruder"],
    ]);
    expect(forged({}, 20)).toEqual(["intruder"]);
  });

  it("An extension lends after the grant that it extends", () => {
    const more = { life: 2, of: 1, seconds: 30 };
    const deeds = [
      ...[ASKED, APPROVED, deed({ kind: "extend", ...more }, 20)],
      deed({ kind: "approve", person: "bob", life: 2 }, 22),
    ];
    const until = (seconds: number, all: Seen["deeds"]) =>
      broken({ deeds: all, presences: [presence({ to: at(seconds) })] });
    expect([until(164, deeds), until(167, deeds)]).toEqual([[], ["intruder"]]);
    expect(until(164, deeds.slice(0, 3))).toEqual(["intruder"]);
  });

  it("Access that is still there is waited for", () => {
    const [verdict] = verdictsOn(
      run({ presences: [presence({ to: at(60) })], settledAt: at(60) }),
    ).filter(({ name }) => name === "intruder");
    expect(verdict?.findings).toEqual([
      { at: at(60), detail: `${EDIT} of timelatch-person-alice on prod is still there.` },
    ]);
  });

  it("Access without a fuse, a schedule and a head may stay until the next run of its entry", () => {
    const claims = [
      {
        claim: 1,
        cluster: "prod",
        principalArn: ALICE,
        askedAt: at(1),
        madeAt: at(2),
        releasedAt: at(50),
        isEntryTheirs: false,
        elements: ["AmazonEKSEditPolicy:owners-1"],
      },
    ];
    const lost = deed({ kind: "schedules", behaviour: { lossProbability: 1 } }, 30);
    const hidden = attack({ hidesHead: true });
    const stays = (over: Partial<Seen>) =>
      broken({
        claims,
        attacks: [hidden],
        deeds: [ASKED, APPROVED, lost],
        presences: [presence({ to: at(400) })],
        ...over,
      }).includes("intruder");
    expect(stays({})).toBe(false);
    expect(stays({ claims: [] })).toBe(true);
    expect(stays({ attacks: [attack()] })).toBe(true);
    expect(stays({ deeds: [ASKED, APPROVED] })).toBe(true);
  });

  it("States, steps and messages of an attacked request are not judged, and those of others are", () => {
    const open = { state: "active", rule: "payments-admin" } as const;
    const mine = [{ ...GRANT, request: { ...GRANT.request, ...open } }];
    const events = historyOf(["request", -1], ["approve", 0], ["activate", 2]).toSpliced(1, 1);
    const spoilt = { messages: [], bus: new Set<string>(), answered: new Map() };
    expect(broken({ ...spoilt, requests: [{ ...GRANT, ...mine[0], events }] })).toEqual([]);
    const both = [...mine, { ...other(open), events }];
    expect(broken({ ...spoilt, requests: both })).toEqual(
      expect.arrayContaining(["grants", "deciders", "chains", "bus", "notices"]),
    );
  });

  it("A step that was answered may be missing only of an attacked request", () => {
    const returned = deed({ kind: "return" }, 4);
    const missing = (attacks: readonly Attack[]) =>
      verdictsOn(run({ deeds: [ASKED, APPROVED, returned], attacks })).find(
        ({ name }) => name === "answers",
      )?.findings.length;
    expect([missing([attack()]), missing([attack({ principalArn: DAVE, request: "r2" })])]).toEqual(
      [0, 1],
    );
  });

  it("A request that was over before somebody wrote about its entry is judged as ever", () => {
    const open = (seconds: number) =>
      broken({
        attacks: [attack({ request: "r9", at: at(seconds) })],
        messages: [],
        presences: [presence()],
      });
    expect([open(60), open(30)]).toEqual([["notices"], []]);
  });

  it("An archive may show that the history of an attacked request was forged, and nothing else", () => {
    const [mine, others] = ["a", "b"].map((digit) => digit.repeat(36));
    const attacks = [attack({ request: mine ?? "" })];
    const fault = (id = "") => `  AUDIT#${id}: gap: Event 2 is missing; 3 follows.`;
    const said = (count: number, ...lines: readonly string[]) =>
      broken({
        attacks,
        archive: [[`The archive does not hold: ${count} faults.`, ...lines].join("\n")],
      });
    expect(said(1, fault(mine))).toEqual([]);
    expect(said(1, fault(others))).toEqual(["archive"]);
    expect(said(2, fault(mine), fault(others))).toEqual(["archive"]);
    expect(said(2, fault(mine), "  day/2026-11-28: seal: It is not signed.")).toEqual(["archive"]);
    expect(broken({ attacks, archive: ["no seal"] })).toEqual(["archive"]);
  });

  it("Access that went missing is excused where its own grant was attacked", () => {
    const presences = [presence({ to: at(12) })];
    expect(broken({ presences })).toEqual([]);
    expect(broken({ presences, attacks: [attack({ cluster: "staging", request: "r9" })] })).toEqual(
      ["kept"],
    );
  });

  it("The report says what was written, and how to run the same without it", () => {
    const line = "2026-11-28T12:00:10.000Z as api: put-back: r1 as it was";
    const seen = run({ intrusions: [line] });
    expect(reportText(reportOf(seen, [], 3))).toContain(`${line}\n`);
    expect(reportOf(seen, [], 3).figures["attackedRequests"]).toBe(1);
    expect(reportOf(CLEAN, [], 3, ["intruder"]).replay).toBe(
      "npm run chaos -- --minutes 3 --seed 1 --without intruder",
    );
  });
});

describe("The plan of an intruder", () => {
  it("An intruder moves no other action, and a run without one has only the others", () => {
    const plan = makePlan(1, 5);
    const others = plan.filter(({ kind }) => kind !== "intrude");
    expect(others.length).toBeLessThan(plan.length);
    expect(makePlan(1, 5, 1, ["intruder"])).toEqual(others);
  });

  it("Each run attacks two people and spares a third, and a small run attacks nobody", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const victims = makePlan(seed, 5).flatMap((one) =>
        one.kind === "intrude" ? one.victim : [],
      );
      expect(new Set(victims).size).toBe(2);
    }
    expect(makePlan(1, 5, 5).filter(({ kind }) => kind === "intrude")).toEqual([]);
  });
});
