/** Tables that are restored to an older instant during a run: when, and what the run is judged by then. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../lab/chaos/judge/judgements.ts";
import type { Seen, SeenRequest } from "../../../lab/chaos/judge/seen.ts";
import { adoptedIn } from "../../../lab/chaos/look/adopted.ts";
import type { ActionOf } from "../../../lab/chaos/plan/action.ts";
import { makePlan } from "../../../lab/chaos/plan/make-plan.ts";
import { reportOf } from "../../../lab/chaos/report.ts";
import type { Restore } from "../../../lab/chaos/stage/stage.ts";
import { groupOf } from "../../e2e/table-intruder.ts";
import { ALICE, at, CLEAN, EDIT, GRANT, historyOf, instant, presence } from "./clean-run.ts";

const deed = (action: object, from: number, answer = "200"): Seen["deeds"][number] =>
  ({
    action: { at: 0, life: 1, person: "alice", ...action },
    answer,
    from: at(from),
    to: at(from),
  }) as Seen["deeds"][number];
const ASKED = deed({ kind: "ask", terms: "edit-api", seconds: 40 }, -1);
const APPROVED = deed({ kind: "approve", person: "bob" }, 0);

/** To before the grant, while it lasts. */
const restore = (over: Partial<Restore> = {}): Restore => ({
  tables: ["requests"],
  to: at(-5),
  leftAt: at(20),
  adoptedAt: at(24),
  ...over,
});
const BOTH = restore({ tables: ["requests", "ledger"] });
const LEDGER = restore({ tables: ["ledger"] });
const DRAINED = restore({ tables: ["requests", "ledger"], drainedAt: at(12) });

const broken = (over: Partial<Seen>) =>
  verdictsOn({
    ...CLEAN,
    deeds: [ASKED, APPROVED],
    restores: [restore()],
    settledAt: at(400),
    ...over,
  })
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
/** The broken judgements if the access was last seen then. */
const until = (seconds: number, over: Partial<Seen>) =>
  broken({ presences: [presence({ to: at(seconds) })], ...over });
const withRequest = (over: Partial<SeenRequest["request"]>, events = GRANT.events) => ({
  requests: [{ ...GRANT, events, request: { ...GRANT.request, ...over } }],
});
/** As the restored table has it: its record is active again, or gone. */
const STALE = withRequest({ state: "active", createdAt: instant(-1) });
const GONE = {
  requests: [],
  answered: new Map([[1, { ...GRANT.request, createdAt: instant(-1) }]]),
};

describe("A run in which tables are restored", () => {
  it("Is judged by a sentence of its own, which no other run is judged by", () => {
    const named = (restores: readonly Restore[]) =>
      verdictsOn({ ...CLEAN, restores }).map(({ name }) => name);
    expect(named([restore()])).toContain("restored");
    expect(named([])).not.toContain("restored");
  });

  it.each([
    ["is old again", STALE],
    ["is gone", GONE],
  ])(
    "A request whose record %s is judged by no state and no message, and its access is",
    (_, over) => {
      const plain = { ...over, messages: [], bus: new Set<string>() };
      expect(until(31, plain)).toEqual([]);
      expect(until(42, plain)).toEqual(["bounds"]);
      expect(until(31, { ...plain, restores: [LEDGER] }).length).toBeGreaterThan(1);
    },
  );

  it("A request that was over before the instant is judged as ever", () => {
    const restores = [restore({ to: at(45), leftAt: at(60), adoptedAt: at(64) })];
    expect(broken({ restores, ...GONE })).toContain("grants");
    const stale = withRequest({ state: "ending", createdAt: instant(-1) });
    expect(broken({ restores, ...stale })).toEqual(["grants"]);
  });

  it("A request whose answer came after the instant may be gone, however early its own clock says it was made", () => {
    const gone = (asked: number, answered: number) =>
      broken({
        ...GONE,
        restores: [restore({ to: at(3), tables: ["requests"] })],
        deeds: [{ ...ASKED, from: at(asked), to: at(answered) }, APPROVED],
      }).includes("grants");
    expect([gone(-9, 3.5), gone(-9, 1)]).toEqual([false, true]);
  });

  it("Access in the second account is explained as that in the first: its people have roles of their own there", () => {
    const heidi = "arn:aws:iam::444455556666:role/timelatch/people/timelatch-person-heidi";
    const clusterArn = "arn:aws:eks:us-west-2:444455556666:cluster/overseas";
    const own = { cluster: "overseas", clusterArn, principalArn: heidi, createdAt: instant(-1) };
    const asked = deed({ kind: "ask", person: "heidi", terms: "view-overseas", seconds: 40 }, -1);
    const presences = [
      presence({ cluster: "overseas", principalArn: heidi, element: "AmazonEKSViewPolicy:*" }),
    ];
    const over = withRequest({ ...own, state: "active" });
    expect(broken({ ...over, presences, deeds: [asked, APPROVED] })).toEqual([]);
  });

  it("A request that was asked for in Slack is known by its reason, and its access lasts as that of others", () => {
    const asked = { ...ASKED, from: at(-9), to: at(-9), answer: "200 in Slack" };
    const inSlack = { ...STALE, answered: new Map(), deeds: [asked, APPROVED] };
    const restores = [restore({ to: at(10) })];
    expect(until(31, { ...inSlack, restores })).toEqual([]);
    expect(until(42, { ...inSlack, restores })).toEqual(["bounds"]);
  });

  it("An end before the restore counts, if one table knows of it", () => {
    const ended = {
      ...STALE,
      deeds: [ASKED, APPROVED, deed({ kind: "return" }, 4)],
      ...withRequest(
        { state: "active", createdAt: instant(-1) },
        historyOf(["request", -1], ["approve", 0], ["activate", 2], ["return", 4], ["settle", 6]),
      ),
    };
    const back = [presence({ to: at(5) }), presence({ from: at(26), to: at(35) })];
    expect(broken({ ...ended, presences: back })).toEqual(["bounds"]);
    expect(broken({ ...ended, presences: back.slice(0, 1) })).toEqual([]);
    expect(broken({ ...ended, presences: back, restores: [BOTH] })).toEqual([]);
  });

  it("Access that neither table knows lasts until its fuse, half a minute more, and no longer", () => {
    const both = { ...GONE, restores: [BOTH] };
    expect([until(134, both), until(138, both)]).toEqual([[], ["bounds"]]);
  });

  it.each<[string, Restore]>([
    ["The requests table alone", restore()],
    ["Both tables, to after it had begun,", { ...BOTH, to: at(16) }],
  ])("%s restored: access ends at its own time", (_, one) => {
    expect(until(60, { ...GONE, ...STALE, restores: [one] })).toContain("bounds");
  });

  it("Only the ledger restored: its record has its own time", () => {
    expect(until(60, { restores: [LEDGER] })).toEqual(["bounds"]);
    expect(until(33, { restores: [LEDGER] })).toEqual([]);
  });

  it("After a drain nothing comes back, whatever the tables forgot", () => {
    const drained = { ...GONE, restores: [DRAINED] };
    expect(until(13, drained)).toEqual([]);
    const back = [presence({ to: at(11) }), presence({ from: at(26), to: at(30) })];
    expect(broken({ ...drained, presences: back })).toEqual(["bounds"]);
  });

  const CLAIM = {
    claim: 1,
    cluster: "prod",
    principalArn: ALICE,
    askedAt: at(1),
    madeAt: at(2),
    releasedAt: at(50),
    isEntryTheirs: false,
    elements: ["AmazonEKSEditPolicy:owners-1"],
  };
  const TAKEN = { cluster: "prod", principalArn: ALICE, at: at(30) };

  it.each<[string, Partial<Seen>]>([
    ["its owner has something on the policy", { claims: [CLAIM] }],
    ["a run takes what is there for its owner's", { adopted: [TAKEN] }],
  ])("Access that neither table knows may stay where %s, and nowhere else", (_, over) => {
    const owned = presence({ element: "AmazonEKSEditPolicy:owners-1", from: at(2), to: at(50) });
    const presences = [presence({ to: at(400) }), owned];
    const stays = (restores: readonly Restore[], more: Partial<Seen> = {}) =>
      broken({ ...GONE, ...over, presences, restores, ...more });
    expect(stays([BOTH])).toEqual([]);
    expect(stays([DRAINED])).toEqual(["bounds", "restored"]);
    expect(stays([restore()])).toEqual(["bounds", "restored"]);
    expect(stays([{ ...BOTH, to: at(16) }])).toContain("bounds");
    expect(stays([BOTH], { adopted: [], claims: [] })).toEqual(["bounds", "restored"]);
    const yes = CLEAN.kubectl.map((one) => ({ ...one, answer: "yes" }));
    expect(stays([BOTH], { kubectl: yes })).toEqual([]);
    expect(stays([restore()], { kubectl: yes })).toEqual(["bounds", "restored", "kubectl"]);
  });

  it("Access that was taken for an owner's before the restore excuses nothing", () => {
    const adopted = [{ ...TAKEN, at: at(10) }];
    expect(until(400, { ...GONE, restores: [BOTH], adopted })).toContain("bounds");
  });

  it("Access that is still there is waited for", () => {
    const [verdict] = verdictsOn({
      ...CLEAN,
      ...GONE,
      deeds: [ASKED, APPROVED],
      restores: [BOTH],
      presences: [presence({ to: at(80) })],
      settledAt: at(80),
    }).filter(({ name }) => name === "restored");
    expect(verdict?.findings).toEqual([
      { at: at(80), detail: `${EDIT} of timelatch-person-alice on prod is still there.` },
    ]);
  });

  it("A grant is refused or ended early by a ledger that does not know, where one was restored without a drain", () => {
    const behind = { code: "ledger-behind", detail: "The ledger is older." };
    const refused = {
      ...withRequest(
        { state: "failed", outcome: behind },
        historyOf(["request", -1], ["approve", 0], ["refuse", 31]),
      ),
      presences: [],
      messages: CLEAN.messages.map((one) => ({ ...one, text: "Failed: x" })),
    };
    expect(broken({ ...refused, restores: [LEDGER] })).toEqual([]);
    expect(broken({ ...refused, restores: [{ ...LEDGER, drainedAt: at(12) }] })).toEqual([
      "grants",
    ]);
    expect(broken({ ...refused, restores: [] })).toEqual(["grants"]);
    const early = withRequest({ createdAt: instant(-1) });
    const cut = { ...early, presences: [presence({ to: at(25) })] };
    expect(broken({ ...cut, restores: [LEDGER] })).toEqual([]);
    expect(broken({ ...cut, restores: [] })).toEqual(["kept"]);
  });

  it("Calls and fuses of the broker may be findings where the requests table forgot them, and nowhere else", () => {
    const found = (code: string, role: string, seconds: number, restores: readonly Restore[]) =>
      broken({
        ...STALE,
        restores,
        bus: new Set([...CLEAN.bus, "f1#1"]),
        findings: [
          {
            code,
            findingId: "f1",
            recordedAt: instant(30),
            event: {
              operation: "x",
              eksRequestId: "e9",
              eventTime: instant(seconds),
              caller: { roleArn: `arn:aws:iam::1:role/${role}`, arn: "x" },
              principalArn: ALICE,
            },
          } as unknown as Seen["findings"][number],
        ],
      }).includes("changes");
    const call = (seconds: number, one: Restore) =>
      found("grantor-outside-call", "timelatch-grantor", seconds, [one]);
    expect([call(3, restore()), call(3, DRAINED)]).toEqual([false, false]);
    const others = [call(-30, restore()), call(30, restore()), call(3, LEDGER)];
    expect(others).toEqual([true, true, true]);
    const fuse = (one: Restore) => found("fuse-outside-schedule", "timelatch-fuse", 100, [one]);
    expect([fuse(BOTH), fuse(DRAINED), fuse(LEDGER)]).toEqual([false, true, true]);
  });

  it("The report says how many requests were forgotten, and how to run the same without a restore", () => {
    const seen: Seen = { ...CLEAN, ...GONE, deeds: [ASKED], restores: [restore()] };
    const { figures, replay } = reportOf(seen, [], 3, ["intruder", "restore"]);
    expect(figures["forgottenRequests"]).toBe(1);
    expect(replay).toBe(
      "npm run chaos -- --minutes 3 --seed 1 --without intruder --without restore",
    );
  });
});

describe("The lines of converge's log about entries", () => {
  it("An entry that others took over is named with its instant, and other lines are not", () => {
    const { cluster, clusterArn, principalArn } = GRANT.request;
    const binding = groupOf(GRANT.request);
    const line = (message: string, of = binding) =>
      `converge ${JSON.stringify({ level: "INFO", message, timestamp: instant(7), binding: of })}`;
    const log = [
      ...[line("ledger behind"), line("entry adopted by others"), line("fuse given up"), "junk"],
      line("entry adopted by others", "another"),
    ].join("\n");
    const taken = { cluster, principalArn, at: at(7) };
    expect(adoptedIn(log, [{ cluster, clusterArn, principalArn }])).toEqual([taken, taken]);
  });
});

describe("The plan of a restore", () => {
  const ofSeed = (seed: number, minutes = 3) =>
    makePlan(seed, minutes).filter(
      (one): one is ActionOf<"restore-tables"> => one.kind === "restore-tables",
    );
  const SEEDS = Array.from({ length: 30 }, (_, seed) => seed + 1);

  it("A restore moves no other action, and a run without one has neither it nor the grants around it", () => {
    const without = makePlan(1, 5, 1, ["restore"]);
    const more = makePlan(1, 5).filter(
      (one) => !without.some((other) => isDeepStrictEqual(one, other)),
    );
    expect(makePlan(1, 5).length).toBe(without.length + more.length);
    expect(new Set(more.map(({ kind }) => kind))).toEqual(
      new Set(["restore-tables", "ask", "approve", "return", "claim"]),
    );
  });

  it("Around each there are grants that outlast it: known to the tables, forgotten, and ended by people", () => {
    for (const seed of SEEDS) {
      const plan = makePlan(seed, 3);
      const [one] = ofSeed(seed);
      const to = (one?.at ?? 0) - (one?.seconds ?? 0) * 1_000;
      const asks = plan.filter((each) => each.kind === "ask" && each.life >= 300_000);
      const ends = plan.filter((each) => each.kind === "return" && each.life >= 300_000);
      expect(asks.map(({ at: asked }) => asked > to).toSorted()).toEqual([
        ...[false, false, true, true, true, true],
      ]);
      expect(ends.map(({ at: ended }) => ended > to && ended < (one?.at ?? 0))).toEqual([
        true,
        true,
      ]);
      for (const each of asks)
        if (each.kind === "ask")
          expect(each.at + each.seconds * 1_000).toBeGreaterThan((one?.at ?? 0) + 80_000);
    }
  });

  it("Short plans and small runs restore nothing", () => {
    expect([ofSeed(1, 1), ofSeed(1, 2)]).toEqual([[], []]);
    expect(makePlan(1, 5, 5).filter(({ kind }) => kind === "restore-tables")).toEqual([]);
  });

  it("It comes late, so that what was before is judged as ever, and goes back to an instant of the run", () => {
    for (const [seed, minutes] of SEEDS.map((one) => [one, 3 + (one % 8)] as const)) {
      const [one] = ofSeed(seed, minutes);
      expect(one?.at).toBeGreaterThan((minutes - 2) * 60_000);
      expect(one?.seconds).toBeGreaterThanOrEqual(15);
      expect((one?.seconds ?? 0) * 1_000).toBeLessThan(one?.at ?? 0);
    }
  });

  it("Seeds restore each table by itself and both, with the runbook's drain and without it", () => {
    const kinds = SEEDS.flatMap((seed) =>
      ofSeed(seed).map(({ tables, isDrained }) => `${tables.join(" ")} ${isDrained}`),
    );
    expect(new Set(kinds)).toEqual(
      new Set(
        ["requests", "ledger", "requests ledger"].flatMap((one) => [`${one} true`, `${one} false`]),
      ),
    );
  });
});
