import { describe, expect, it } from "vitest";
import { aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { Notice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, State } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const HOUR = 3_600;

function policyWith(changed: Partial<Rule> = {}, rule = "payments-edit"): AccessPolicy {
  const policy = aPolicy();
  return {
    ...policy,
    slack: SLACK,
    rules: policy.rules.map((each) => (each.name === rule ? { ...each, ...changed } : each)),
  };
}

/** Alice's request as it stands in a state, an hour long and active from T0 on. */
const inState = (state: State, changed: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest(),
  state,
  approvals: state === "pending" ? [] : [{ person: "bob", surface: "api", at: T0, proof: {} }],
  ...(["active", "ending", "ended"].includes(state)
    ? { effectiveAt: T0, revokeAt: plusSeconds(T0, HOUR - 120), expiresAt: plusSeconds(T0, HOUR) }
    : {}),
  ...changed,
});

const sent = (request: AccessRequest, policy = policyWith(), now = T0) =>
  noticesFor(policy, request, now).notices.filter(({ send }) => send);
const keys = (notices: readonly Notice[]) => notices.map(({ key }) => key).toSorted();

describe("the messages that should exist", () => {
  it.each([
    ["pending", ["request@C0001"]],
    ["approved", ["access@alice", "request@C0001"]],
    ["active", ["access@alice", "request@C0001"]],
    ["ending", ["request@C0001"]],
    ["ended", ["over@alice", "request@C0001"]],
    ["denied", ["over@alice", "request@C0001"]],
    ["lapsed", ["over@alice", "request@C0001"]],
    ["failed", ["over@alice", "request@C0001"]],
    ["cancelled", ["request@C0001"]],
  ] as const)("The messages of a request that is %s are %j", (state, expected) => {
    expect(keys(sent(inState(state)))).toEqual(expected);
  });

  it("There are no messages where the broker does not use Slack", () => {
    expect(noticesFor(aPolicy(), inState("pending"), T0)).toEqual({ notices: [], changesAt: null });
  });

  it("Messages go to the rule's own channel where it names one", () => {
    const policy = policyWith({ notify: { channel: "C0009", direct: false } });
    expect(keys(sent(inState("pending"), policy))).toEqual(["request@C0009"]);
  });

  it("A rule with direct messages asks each approver, and nobody who could not decide", () => {
    const policy = policyWith({ notify: { direct: true } });
    expect(keys(sent(inState("pending"), policy))).toEqual([
      "decision-wanted@bob",
      "request@C0001",
    ]);
    expect(keys(sent(inState("denied"), policy))).not.toContain("decision-wanted@bob");
  });

  it("Nobody is asked directly where more than ten people could decide", () => {
    const policy = policyWith({ notify: { direct: true } });
    const bob = policy.people["bob"];
    if (!bob) throw new Error("The policy has no bob.");
    const leads = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`lead${n}`, bob]));
    const many = { ...policy, people: { ...policy.people, ...leads } };
    expect(keys(sent(inState("pending"), many))).toEqual(["request@C0001"]);
  });

  it("Messages announce a later start first, and the access once it begins", () => {
    const startsAt = plusSeconds(T0, HOUR);
    const request = inState("approved", { startsAt });
    expect(keys(sent(request))).toEqual(["request@C0001", "scheduled@alice"]);
    expect(noticesFor(policyWith(), request, T0).changesAt).toBe(startsAt);
    expect(keys(sent(request, policyWith(), startsAt))).toEqual(["access@alice", "request@C0001"]);
  });

  it("Break-glass raises the alarm, and informs those whose approval was skipped", () => {
    const policy = policyWith();
    const lendsTheSame: Rule = {
      ...(policy.rules[0] as Rule),
      name: "prod-admin",
      access: { policies: ["AmazonEKSClusterAdminPolicy"], scope: "cluster" },
    };
    const request = inState("active", {
      requester: "carol",
      rule: "break-glass",
      breakGlass: true,
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
    });
    expect(keys(sent(request, policy))).toEqual([
      "access@carol",
      "break-glass@C0002",
      "request@C0001",
    ]);
    const withOrdinary = { ...policy, rules: [...policy.rules, lendsTheSame] };
    expect(keys(sent(request, withOrdinary))).toContain("break-glass@bob");
  });

  it("Only the messages about break-glass show whom it skipped, and its review", () => {
    const review = { by: ["platform"], dueAt: T0, closed: null };
    const request = inState("ended", { rule: "break-glass", breakGlass: true, review });
    for (const { kind, facts } of noticesFor(policyWith(), request, T0).notices)
      expect(facts.breakGlassReview).toEqual(
        kind === "break-glass" || kind.startsWith("review-")
          ? { skipped: ["bob"], review }
          : undefined,
      );
  });
});

describe("the order of messages where Slack takes only some of them", () => {
  const precedenceIn = (state: State, policy = policyWith()) =>
    Object.fromEntries(
      noticesFor(policy, inState(state), T0).notices.map(({ kind, precedence }) => [
        kind,
        precedence,
      ]),
    );

  it("A message that asks for a decision, shows one, or says that access ends goes first", () => {
    for (const state of ["pending", "approved", "active", "ended", "denied"] as const)
      expect(precedenceIn(state)).toMatchObject({ request: "first", over: "first" });
    expect(precedenceIn("active")).toMatchObject({ access: "next", "ends-soon": "first" });
  });

  it("A message that a newer one has overtaken goes last", () => {
    const policy = policyWith({ notify: { direct: true } });
    expect(precedenceIn("pending", policy)).toMatchObject({ "decision-wanted": "first" });
    expect(precedenceIn("approved", policy)).toMatchObject({ "decision-wanted": "last" });
    expect(precedenceIn("ended")).toMatchObject({ access: "last", "ends-soon": "last" });
  });
});

describe("steps that follow each other within seconds", () => {
  const notBefore = (request: AccessRequest, kind = "request", now = T0) =>
    noticesFor(policyWith(), request, now).notices.find((notice) => notice.kind === kind)
      ?.notBefore;

  it("An approval is held back for five seconds, or until five seconds after a later start", () => {
    const approved = inState("approved", { approvedAt: T0 });
    expect(notBefore(approved)).toBe(plusSeconds(T0, 5));
    const startsAt = plusSeconds(T0, 60);
    expect(notBefore({ ...approved, startsAt }, "request", startsAt)).toBe(plusSeconds(T0, 65));
    expect(notBefore(inState("active", { approvedAt: T0 }))).toBeNull();
  });

  it("An approval for later is shown at once to the approvers and the requester", () => {
    const later = inState("approved", { approvedAt: T0, startsAt: plusSeconds(T0, 3_600) });
    expect(notBefore(later)).toBeNull();
    expect(notBefore(later, "scheduled")).toBeNull();
  });

  it("The alarm of break-glass is never held back", () => {
    const request = inState("approved", { approvedAt: T0, rule: "break-glass", breakGlass: true });
    expect(notBefore(request, "break-glass")).toBeNull();
  });

  it("An end on time is shown with its proof, unless the proof takes over three minutes", () => {
    const revokeAt = plusSeconds(T0, HOUR - 120);
    const ending = inState("ending", { outcome: { code: "expired", detail: "Over." } });
    const stateAt = (request: AccessRequest, seconds: number) =>
      noticesFor(policyWith(), request, plusSeconds(revokeAt, seconds)).notices[0]?.facts.state;
    expect(stateAt(ending, 179)).toBe("active");
    expect(stateAt(ending, 180)).toBe("ending");
    expect(noticesFor(policyWith(), ending, revokeAt).changesAt).toBe(plusSeconds(revokeAt, 180));
    const revoked = { ...ending, outcome: { code: "revoked", detail: "Revoked by carol." } };
    expect(stateAt(revoked, 0)).toBe("ending");
  });

  it("An approver's own message changes once, by the decision", () => {
    const policy = policyWith({ notify: { direct: true } });
    const shown = (state: State) =>
      noticesFor(policy, inState(state), T0).notices.find(({ kind }) => kind === "decision-wanted")
        ?.facts.state;
    expect((["active", "ending", "ended", "failed"] as const).map(shown)).toEqual(
      Array(4).fill("approved"),
    );
    expect(shown("denied")).toBe("denied");
  });
});

describe("the warning before access ends", () => {
  const warned = (request: AccessRequest, now: string) =>
    keys(sent(request, policyWith(), now)).includes("ends-soon@alice");

  it.each([
    ["ten minutes before the end of an hour", HOUR, HOUR - 120 - 600],
    ["a fifth of its time before the end of five minutes", 300, 300 - 120 - 60],
  ])("The warning comes %s", (_when, durationSeconds, at) => {
    const request = inState("active", {
      durationSeconds,
      revokeAt: plusSeconds(T0, durationSeconds - 120),
      expiresAt: plusSeconds(T0, durationSeconds),
    });
    expect(warned(request, plusSeconds(T0, at - 1))).toBe(false);
    expect(noticesFor(policyWith(), request, T0).changesAt).toBe(plusSeconds(T0, at));
    expect(warned(request, plusSeconds(T0, at))).toBe(true);
  });

  it("There is no warning once the time is over", () => {
    expect(warned(inState("active"), plusSeconds(T0, HOUR - 120))).toBe(false);
    expect(warned(inState("ended"), plusSeconds(T0, HOUR - 300))).toBe(false);
  });

  it("A grant that is ending gets no warning, although its messages still show it as active", () => {
    const ending = inState("ending", {
      outcome: { code: "expired", detail: "Its time was over." },
    });
    const now = plusSeconds(T0, HOUR - 300);
    expect(noticesFor(policyWith(), ending, now).notices[0]?.facts.state).toBe("active");
    expect(warned(ending, now)).toBe(false);
  });
});

describe("the actions on a message", () => {
  const actionsOn = (state: State, policy = policyWith()) =>
    Object.fromEntries(
      noticesFor(policy, inState(state), T0).notices.map(({ kind, actions }) => [kind, actions]),
    );

  it("A message offers to decide while the request is pending, and to revoke while access exists", () => {
    expect(actionsOn("pending")["request"]).toEqual(["approve", "approve-less", "deny", "details"]);
    expect(actionsOn("active")["request"]).toEqual(["revoke", "details"]);
    expect(actionsOn("active")["access"]).toEqual(["extend", "return"]);
  });

  it.each(["ended", "denied", "lapsed", "failed", "cancelled"] as const)(
    "The channel's message has no actions once the request is %s",
    (state) => {
      expect(actionsOn(state)["request"]).toEqual([]);
      expect(actionsOn(state)["access"]).toEqual([]);
    },
  );

  it("A message offers no less of a break-glass, which is approved as it was asked for", () => {
    const request = inState("pending", { breakGlass: true });
    const [message] = noticesFor(policyWith(), request, T0).notices;
    expect(message?.actions).toEqual(["approve", "deny", "details"]);
  });

  it("A message offers no less of an extension, which is approved as it was asked for", () => {
    const [message] = noticesFor(policyWith(), inState("pending", { extends: "x" }), T0).notices;
    expect(message?.actions).toEqual(["approve", "deny", "details"]);
  });

  it("Access is extended by its requester, where the rule says so, and once", () => {
    const extendable = (over: object = {}, policy = policyWith()) =>
      noticesFor(policy, inState("active", over), T0).notices.flatMap(({ key, actions }) =>
        actions.includes("extend") ? [key] : [],
      );
    expect(extendable()).toEqual(["access@alice", "ends-soon@alice"]);
    expect(extendable({ extendedBy: "x" })).toEqual([]);
    const { extend: _none, ...rule } = aPolicy().rules[0] as Rule;
    expect(extendable({}, { ...policyWith(), rules: [rule] })).toEqual([]);
  });

  it("For a grant that was extended, its requester hears no end but one before its time", () => {
    const extended = { extendedBy: "x" };
    const soon = sent(inState("active", extended), policyWith(), plusSeconds(T0, HOUR - 300));
    expect(keys(soon)).not.toContain("ends-soon@alice");
    const ended = (code: string) => {
      const outcome = { code, detail: "Over." };
      return keys(sent(inState("ended", { ...extended, outcome })));
    };
    expect(ended("expired")).not.toContain("over@alice");
    expect(ended("returned")).toContain("over@alice");
  });

  it("A grant that ended with another of its chain leaves the end to the message of that one", () => {
    const outcome = { code: "returned", detail: "Returned by alice." };
    const ended = (more: Partial<AccessRequest>) =>
      keys(sent(inState("ended", { outcome, ...more })));
    expect(ended({ endedWith: "x" })).not.toContain("over@alice");
    expect(ended({})).toContain("over@alice");
  });

  it("A message offers no decision where the rule forbids decisions in Slack", () => {
    const policy = policyWith({ decideIn: ["api"] });
    expect(actionsOn("pending", policy)["request"]).toEqual(["details"]);
    const [card] = sent(inState("pending"), policy);
    expect(card?.facts.decidedHere).toBe(false);
  });

  it("A message shows who can still decide, without those who have decided", () => {
    const requirements = [
      { groups: ["payments-leads"], count: 1 },
      { groups: ["sre"], count: 1 },
    ];
    const policy = policyWith({ approval: requirements });
    const [open] = sent(inState("pending", { requirements }), policy);
    expect(open?.facts.stillNeeded.map(({ people }) => people)).toEqual([["bob"], ["carol"]]);
    const partly = inState("pending", {
      requirements,
      approvals: [{ person: "bob", surface: "api", at: T0, proof: {} }],
    });
    const [half] = sent(partly, policy);
    expect(half?.facts).toMatchObject({
      approvers: ["bob"],
      stillNeeded: [{ groups: ["sre"], people: ["carol"] }],
    });
  });
});
