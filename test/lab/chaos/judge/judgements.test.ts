/**
 * The judgements of a run: each sentence holds for a clean run, and is broken by a contradicting
 * fact.
 */
import { describe, expect, it } from "vitest";
import { deadlineOf } from "../../../../lab/chaos/judge/deadline.ts";
import { verdictsOn } from "../../../../lab/chaos/judge/judgements.ts";
import type { Seen, SeenRequest } from "../../../../lab/chaos/judge/seen.ts";
import { reportOf, reportText } from "../../../../lab/chaos/report.ts";
import { elementsIn } from "../../../../lab/chaos/stage/watch-entries.ts";
import { nextEvidence } from "../../../../shared/domain/evidence/evidence-chain.ts";
import { ALICE, at, CLEAN, EDIT, GRANT, historyOf, instant, presence } from "../clean-run.ts";

const broken = (over: Partial<Seen>) =>
  verdictsOn({ ...CLEAN, ...over })
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
const withRequest = (over: Partial<SeenRequest["request"]>): readonly SeenRequest[] => [
  { ...GRANT, request: { ...GRANT.request, ...over } },
];
const RETURNED: Seen["deeds"][number] = {
  action: { kind: "return", life: 1, person: "alice", at: 0 },
  answer: "200",
  from: at(4),
  to: at(5),
};
const never: SeenRequest["events"] = historyOf(["request", -1], ["approve", 0], ["expire", 31]);
const disturbance = { from: at(25), to: at(35), holdsUpSeconds: 20, what: "a throttle" };
const claim = {
  claim: 1,
  cluster: "prod",
  principalArn: ALICE,
  askedAt: at(1),
  madeAt: at(2),
  isEntryTheirs: false,
  elements: ["AmazonEKSViewPolicy:owners-1"],
};
const owned = (to: number) =>
  presence({ element: "AmazonEKSViewPolicy:owners-1", from: at(2), to: at(to) });

describe("The judgement of a run", () => {
  it("A run in which all was well breaks no sentence", () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[string, readonly string[], Partial<Seen>]>([
    ["access after its promised end", ["bounds"], { presences: [presence({ to: at(42) })] }],
    [
      "access after the end that an earlier answer promised",
      ["bounds"],
      { promises: [{ id: "r1", expiresAt: instant(29) }] },
    ],
    [
      "access after it was reported as ended",
      ["bounds"],
      { presences: [presence({ to: at(38) })] },
    ],
    [
      "access that no grant lends",
      ["bounds"],
      { presences: [presence(), presence({ element: "group:x" })] },
    ],
    ["access before its approval", ["bounds"], { presences: [presence({ from: at(-9) })] }],
    [
      "a grant that is not over",
      ["grants", "notices"],
      { requests: withRequest({ state: "ending" }) },
    ],
    ["a request that is gone", ["bounds", "grants"], { requests: [] }],
    [
      "a grant that never began with nothing in its way",
      ["grants"],
      { requests: [{ ...GRANT, events: never }], presences: [] },
    ],
    [
      "an owner's policy that is gone",
      ["owners"],
      { claims: [claim], presences: [presence(), owned(40)] },
    ],
    [
      "standing access that is gone",
      ["owners"],
      { presences: [presence(), presence({ element: "x", isStanding: true })] },
    ],
    [
      "a step that was answered and is not stored",
      ["grants"],
      { answered: new Map([[1, { ...GRANT.request, version: 9 }]]) },
    ],
    [
      "a return that was answered and is not in the history",
      ["bounds", "answers"],
      { deeds: [RETURNED] },
    ],
    [
      "a history with an event taken out",
      ["chains"],
      { requests: [{ ...GRANT, events: GRANT.events.toSpliced(3, 1) }] },
    ],
    ["a second message", ["notices"], { messages: [...CLEAN.messages, ...CLEAN.messages] }],
    ["no message", ["notices"], { messages: [] }],
    [
      "a message of an earlier state",
      ["notices"],
      { messages: CLEAN.messages.map((one) => ({ ...one, text: "alice can edit." })) },
    ],
    ["an archive that does not verify", ["archive"], { archive: ["edited"] }],
    ["a call that IAM refused to a function", ["rights"], { refusedCalls: ["sqs:SendMessage"] }],
    ["a dead letter", ["dead-letters"], { deadLetters: { dead: ["{}"] } }],
    [
      "kubectl that still may",
      ["kubectl"],
      { kubectl: CLEAN.kubectl.map((one) => ({ ...one, answer: "yes" })) },
    ],
    ["a process that still runs", ["leftovers"], { leftovers: ["Process 1"] }],
  ])("A run with %s breaks the sentence about it", (_, names, over) => {
    expect(broken(over)).toEqual(names);
  });

  it("A run that was too short for an archive is not judged by one", () => {
    const named = (seen: Seen) => verdictsOn(seen).map(({ name }) => name);
    expect(named(CLEAN)).not.toContain("archive");
    expect(named({ ...CLEAN, archive: [] })).toContain("archive");
  });

  it("A record of evidence that is taken out breaks the sentence about chains", () => {
    const missing = { eksRequestId: "e1", calledAt: instant(1) };
    const draft = { type: "missing", requestId: "r1", at: instant(9), details: missing } as const;
    const first = nextEvidence(undefined, draft);
    const records = [first, nextEvidence(first, draft)];
    const withRecords = (kept: typeof records) => [
      { ...GRANT, evidence: { ...GRANT.evidence, records: kept } },
    ];
    expect(broken({ requests: withRecords(records) })).toEqual([]);
    expect(broken({ requests: withRecords(records.slice(1)) })).toEqual(["chains"]);
  });

  it("A dead letter is explained where as many runs were ended from outside as a queue allows", () => {
    const deadLetters = { dead: ["{}"] };
    const slow = Array.from({ length: 5 }, () => ({ from: at(50), to: at(51) }));
    expect(broken({ deadLetters, slow: slow.slice(1) })).toEqual(["dead-letters"]);
    expect(broken({ deadLetters, slow })).toEqual([]);
  });

  it.each([
    ["unconfirmed", ["calls"]],
    ["missing", ["calls"]],
    ["confirmed", []],
    // Nothing was changed by it.
    [null, []],
  ] as const)("A call whose state is %s breaks %j", (state, sentences) => {
    const calls = GRANT.evidence.calls.map((call) => ({ ...call, state }));
    const requests = [{ ...GRANT, evidence: { ...GRANT.evidence, calls } }];
    expect(broken({ requests })).toEqual(sentences);
  });

  it("Access may stay as long as a disturbance holds its removal up, and no longer", () => {
    const events = historyOf(
      ["request", -1],
      ["approve", 0],
      ["activate", 2],
      ["expire", 31],
      ["settle", 70],
    );
    const requests = [{ ...GRANT, events }];
    const until = (seconds: number) =>
      broken({ requests, disturbances: [disturbance], presences: [presence({ to: at(seconds) })] });
    expect([until(54), until(57)]).toEqual([[], ["bounds"]]);
  });

  it("A disturbance of one cluster excuses nothing on another", () => {
    const presences = [presence({ to: at(42) })];
    const on = (cluster: string) =>
      broken({
        presences,
        disturbances: [{ ...disturbance, cluster }],
        requests: [{ ...GRANT, events: historyOf(["approve", 0], ["activate", 2]) }],
      });
    expect([on("prod"), on("staging")]).toEqual([[], ["bounds"]]);
  });

  it("The requester who returns a grant loses its access within ten seconds", () => {
    const events = historyOf(["request", -1], ["approve", 0], ["activate", 2], ["return", 5]);
    const until = (seconds: number) =>
      broken({ requests: [{ ...GRANT, events }], presences: [presence({ to: at(seconds) })] });
    expect([until(14), until(17)]).toEqual([[], ["bounds"]]);
  });

  it("The return of a link of a chain ends its other links too, within ten seconds", () => {
    const link = (id: string, over: object): SeenRequest => ({
      events: historyOf(["request", -1], ["approve", 0], ["activate", 2], ["return", 4, "alice"]),
      evidence: GRANT.evidence,
      request: { ...GRANT.request, id, ...over },
    });
    const events = historyOf(["request", -1], ["approve", 0], ["activate", 2], ["expire", 31]);
    const last = { ...link("r3", { extends: "r2" }), events };
    const chain = [link("r1", {}), link("r2", { extends: "r1" }), last];
    const until = (seconds: number, requests: readonly SeenRequest[]) =>
      broken({ requests, deeds: [RETURNED], presences: [presence({ to: at(seconds) })] }).filter(
        (name) => name !== "kept",
      );
    expect([until(15, chain), until(17, chain)]).toEqual([[], ["bounds"]]);
    const other = link("r2", { extends: "another" });
    expect(until(17, [link("r1", {}), other, last])).toEqual([]);
  });

  it("A grant is reported as ended within fifteen seconds after its access is gone", () => {
    const settledAt = (seconds: number, over: Partial<Seen> = {}) => {
      const events = historyOf(
        ["approve", 0],
        ["activate", 2],
        ["expire", 31],
        ["settle", seconds],
      );
      const requests = [{ ...GRANT, events }];
      return verdictsOn({ ...CLEAN, requests, ...over }).find(({ name }) => name === "ends")
        ?.findings.length;
    };
    expect([settledAt(46), settledAt(47)]).toEqual([0, 1]);
    expect(settledAt(52, { presences: [presence({ to: at(38) })] })).toBe(0);
    expect(settledAt(47, { disturbances: [disturbance] })).toBe(0);
  });

  it("An answer to one person is no step of another's", () => {
    const revoked = (person: string): Seen["deeds"][number] => ({
      ...RETURNED,
      action: { kind: "revoke", life: 1, person, at: 0 },
    });
    const events = historyOf(["request", -1], ["approve", 0], ["revoke", 4, "carol"]);
    const by = (...people: readonly string[]) =>
      broken({
        requests: [{ ...GRANT, events }],
        presences: [],
        deeds: people.map((person) => revoked(person)),
      });
    expect([by("carol"), by("carol", "heidi")]).toEqual([[], ["answers"]]);
  });

  it("A person who approves again with the API may have one step, of a click that they heard nothing of", () => {
    const approved = (answer: string, inSlack: object): Seen["deeds"][number] => ({
      ...RETURNED,
      answer,
      action: { kind: "approve", life: 1, person: "bob", at: 0, ...inSlack },
    });
    const [first, second, ...more] = historyOf(["request", -1], ["approve", 0, "bob"]);
    const inSlack = { ...second, details: { proof: { signedBody: "x" } } } as typeof second;
    const events = [first, inSlack, ...more].filter((one) => one !== undefined);
    const requests = [{ ...GRANT, events }];
    const named = (...deeds: Seen["deeds"]) =>
      verdictsOn({ ...CLEAN, requests, deeds }).find(({ name }) => name === "answers")?.findings
        .length;
    const again = approved("200", {});
    expect(named(again)).toBe(1);
    expect(named(approved("not acknowledged (timeout)", { inSlack: true }), again)).toBe(0);
  });

  it("Access on a cluster goes with it if somebody deletes it", () => {
    const standing = presence({ element: "x", isStanding: true });
    const presences = [presence(), owned(40), standing];
    const remade = [{ cluster: "prod", at: at(30), until: at(33) }];
    expect(broken({ claims: [claim], presences, remade })).toEqual([]);
    expect(broken({ claims: [claim], presences })).toEqual(["owners"]);
  });

  it("It may be deleted as they hear that their policy is there", () => {
    const presences = [presence({ to: at(31) }), owned(26)];
    const slow = { ...claim, askedAt: at(19), madeAt: at(21) };
    const owners = (from: number, until: number) => {
      const remade = [{ cluster: "prod", at: at(from), until: at(until) }];
      return broken({ claims: [slow], presences, remade }).includes("owners");
    };
    expect([owners(20, 20.5), owners(18, 20.5)]).toEqual([false, true]);
    // It takes time to delete a cluster, and meanwhile it takes what others add.
    expect(owners(18, 25)).toBe(false);
  });

  it("An owner's policy that goes right after it was made may have met a deletion on its way", () => {
    const lostAt = (seconds: number, from = 60) =>
      broken({
        claims: [claim],
        presences: [presence(), owned(seconds)],
        disturbances: [{ ...disturbance, from: at(from), to: at(from) }],
      });
    expect([lostAt(4), lostAt(6)]).toEqual([[], ["owners"]]);
    // A call had no answer, so it may have landed later.
    expect([lostAt(6, 1), lostAt(11, 1)]).toEqual([[], ["owners"]]);
  });

  it("Records that a call lost on its way are counted in the report", () => {
    const excused = (seconds: number) =>
      reportOf({ ...CLEAN, claims: [claim], presences: [owned(seconds)] }, [], 1).figures[
        "ownersLossesExcused"
      ];
    expect([excused(4), excused(6), excused(80)]).toEqual([1, 0, 0]);
  });
});

it("A message of an earlier state is reported with how many messages the request has", () => {
  const [message] = CLEAN.messages;
  const messages = message ? [message, { ...message, text: "alice can edit." }] : [];
  const notices = verdictsOn({ ...CLEAN, messages }).find(({ name }) => name === "notices");
  expect(notices?.findings.map(({ detail }) => detail)).toContain(
    "It is ended, and one of its 2 messages says: alice can edit.",
  );
});

it("A message whose sender died before it stored it may show what was true then, and no other may", () => {
  const action = { kind: "kill-function", name: "notify", at: 0 } as const;
  const deeds = [{ action, from: at(1), to: at(1), answer: "killed" }];
  const judged = (...texts: readonly string[]) =>
    verdictsOn({
      ...CLEAN,
      deeds,
      messages: texts.flatMap((text) => CLEAN.messages.map((one) => ({ ...one, text }))),
    }).find(({ name }) => name === "notices")?.findings.length;
  const [old, final] = ["alice can edit.", "The access of this grant has ended."];
  expect(judged(old, final)).toBe(0);
  expect(judged(old)).toBe(1);
  expect(judged(old, old)).toBe(2);
});

it("A request that ended with its chain may show who ended that", () => {
  const shown = (text: string) =>
    verdictsOn({
      ...CLEAN,
      requests: withRequest({ state: "cancelled" }),
      messages: CLEAN.messages.map((one) => ({ ...one, text })),
    }).find(({ name }) => name === "notices")?.findings.length;
  expect(shown("dave asked. Revoked by carol. Nothing was granted.")).toBe(0);
  expect(shown("dave asked. Needs bob.")).toBe(1);
});

describe("The deadline of a removal", () => {
  const [due, promised] = [at(30), at(40)];
  const deadline = (...all: Parameters<typeof deadlineOf>[2]) =>
    (deadlineOf(due, promised, all).at - at(0)) / 1_000;

  it("Without a disturbance it is what was promised", () => {
    expect(deadline()).toBe(40);
  });

  it("A disturbance that no longer has an effect when the removal is due moves nothing", () => {
    expect(deadline({ ...disturbance, from: at(0), to: at(9) })).toBe(40);
  });

  it("A disturbance after the deadline moves nothing", () => {
    expect(deadline({ ...disturbance, from: at(41), to: at(50) })).toBe(40);
  });

  it("A second disturbance counts where it begins before the deadline that the first one leaves", () => {
    const second = { ...disturbance, from: at(50), to: at(60) };
    expect(deadline(second, disturbance)).toBe(80);
    expect(deadline(second)).toBe(40);
  });
});

describe("The watcher", () => {
  it("The entries of EKS are read as one line for each element of each entry", () => {
    const policies = {
      "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy": {
        accessScope: { type: "namespace", namespaces: ["payments-api"] },
      },
      "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy": {
        accessScope: { type: "cluster", namespaces: [] },
      },
    };
    const entries = { [ALICE]: { principalArn: ALICE, kubernetesGroups: ["ops"], policies } };
    const state = JSON.stringify({ clusters: { prod: { name: "prod", entries } } });
    expect(elementsIn(state)).toEqual([
      `prod ${ALICE} group:ops`,
      `prod ${ALICE} ${EDIT}`,
      `prod ${ALICE} AmazonEKSViewPolicy:*`,
    ]);
  });
});

describe("The report of a run", () => {
  it("A run with a finding says the request, the time, and how to run it again", () => {
    const seen = { ...CLEAN, presences: [presence({ to: at(42) })] };
    const said = reportText(reportOf(seen, verdictsOn(seen), 3));
    expect(said).toContain("BROKEN No access is there past its bound.");
    expect(said).toMatch(/2026-11-28T12:00:3\d.500Z r1\n/);
    expect(said).toContain("Run it again: npm run chaos -- --minutes 3 --seed 1");
  });

  it("A clean run says so, and how early its latest end came", () => {
    const said = reportText(reportOf(CLEAN, verdictsOn(CLEAN), 1));
    expect(said).toContain("Seed 1 is clean.");
    expect(said).toContain("latestEndBeforePromise: 9");
  });

  it("A run on a machine that was too slow to judge by says so", () => {
    const action = { kind: "approve", life: 1, person: "bob", at: 0 } as const;
    const deeds = [{ action, from: at(0), to: at(60), answer: "200" }];
    const seen = { ...CLEAN, deeds, slow: [{ from: at(10), to: at(40) }] };
    expect(reportText(reportOf(seen, verdictsOn(seen), 1))).toContain("too slow to judge by");
    const once = Array.from({ length: 4 }, () => ({ from: at(10), to: at(16) }));
    expect(reportOf({ ...seen, slow: once }, [], 1).isTooSlow).toBe(false);
  });
});
