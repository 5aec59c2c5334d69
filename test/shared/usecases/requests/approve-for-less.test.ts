/** An approver shortens the duration or takes namespaces away, and what that leaves of other decisions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { edit, type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import type { CounterOffer } from "../../../../shared/domain/requests/counter-offer.ts";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";

const ASKED = { access: edit("payments-api", "payments-web") };

/** A broker whose rule has other members, such as a second approver. */
function brokerWith(change: Partial<Rule> = {}, policy = aPolicy()): MemoryBroker {
  const rules = policy.rules.map((rule) =>
    rule.name === "payments-edit" ? { ...rule, ...change } : rule,
  );
  return memoryBroker({ policy: { ...policy, rules } });
}
const TWO = {
  approval: [
    { groups: ["payments-leads"], count: 1 },
    { groups: ["sre"], count: 1 },
  ],
};

const approve = (
  broker: MemoryBroker,
  { id, digest }: Pick<AccessRequest, "id" | "digest">,
  less?: CounterOffer,
  by = "bob",
  policy: AccessPolicy = broker.front.policy,
) =>
  decideRequest({ ...broker.front, policy }, broker.actor(by), id, {
    verdict: "approve",
    digest,
    ...(less ? { less } : {}),
  });

describe("An approval for less", () => {
  it("The grant has the shorter duration and the namespaces that remain, under a new digest", async () => {
    const broker = brokerWith();
    const asked = await broker.ask(ASKED);
    const approved = await approve(broker, asked, {
      durationSeconds: 1_800,
      namespaces: ["payments-api"],
    });
    const { access, durationSeconds, digest } = asked;
    expect(approved).toMatchObject({
      state: "approved",
      access: edit("payments-api"),
      durationSeconds: 1_800,
      expiresAt: plusSeconds(broker.clock.now(), 1_800),
      earlierTerms: [{ access, durationSeconds, digest }],
      approvals: [{ person: "bob", digest: approved.digest }],
    });
    expect(approved.digest).toBe(digestOf(approved));
    expect(approved.digest).not.toBe(digest);
  });

  it("The history has the terms that were asked for and those that were approved", async () => {
    const broker = brokerWith();
    const { access, durationSeconds, digest, id } = await broker.ask(ASKED);
    const less = { namespaces: ["payments-web"] };
    const approved = await approve(broker, { id, digest }, less);
    const history = await broker.history(approved);
    expect(history.at(-1)).toMatchObject({
      type: "approve",
      details: {
        digest: approved.digest,
        less: {
          access: edit("payments-web"),
          durationSeconds: 3_600,
          insteadOf: { access, durationSeconds, digest },
        },
      },
    });
    expect(verifyChains(history)).toEqual([]);
  });

  it("Converge adds what was approved, and ends it when that says", async () => {
    const broker = brokerWith();
    const asked = await broker.ask(ASKED);
    await approve(broker, asked, { namespaces: ["payments-web"], durationSeconds: 900 });
    await broker.converge();
    const active = await broker.reload(asked);
    expect(active).toMatchObject({ state: "active" });
    expect(broker.namespaces("arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy")).toEqual(
      ["payments-web"],
    );
    expect(active.expiresAt).toBe(plusSeconds(active.approvedAt ?? "", 900));
    await broker.convergeAtEnd(active);
    expect(broker.actual()).toBeUndefined();
  });

  it("The rule is judged on what is approved: less may be allowed where all of it no longer is", async () => {
    const broker = brokerWith();
    const asked = await broker.ask(ASKED);
    const shorter = brokerWith({ duration: { maxSeconds: 1_800, defaultSeconds: null } });
    const under = (less?: CounterOffer) =>
      approve(broker, asked, less, "bob", shorter.front.policy);
    await expect(under()).rejects.toMatchObject({ code: "policy-denied" });
    await expect(under({ durationSeconds: 2_400 })).rejects.toMatchObject({
      code: "policy-denied",
    });
    expect(await under({ durationSeconds: 1_800 })).toMatchObject({ state: "approved" });
  });

  it("A request with a start lapses sooner where less of its time would remain", async () => {
    const broker = brokerWith(TWO);
    const startsAt = plusSeconds(broker.clock.now(), 600);
    const asked = await broker.ask({ ...ASKED, startsAt });
    const offered = await approve(broker, asked, { durationSeconds: 600 });
    // 600 s after its start, without margin, granularity, and what is too late to begin.
    expect(offered.lapsesAt).toBe(plusSeconds(startsAt, 600 - 120 - 60 - 90));
    expect(offered.lapsesAt < asked.lapsesAt).toBe(true);
  });

  it("It never lapses later than it would have", async () => {
    const broker = brokerWith({ ...TWO, lapseSeconds: 300 });
    const startsAt = plusSeconds(broker.clock.now(), 600);
    const asked = await broker.ask({ ...ASKED, startsAt });
    const offered = await approve(broker, asked, { durationSeconds: 1_800 });
    expect(offered).toMatchObject({ state: "pending", lapsesAt: asked.lapsesAt });
  });
});

describe("A request that needs two people, and that one approved for less", () => {
  const offered = async (less: CounterOffer = { durationSeconds: 1_800 }) => {
    const broker = brokerWith(TWO);
    const asked = await broker.ask(ASKED);
    return { broker, asked, offered: await approve(broker, asked, less) };
  };

  it("The other approver is asked for what remains", async () => {
    const { broker, offered: left } = await offered();
    expect(left).toMatchObject({ state: "pending", durationSeconds: 1_800 });
    expect(await approve(broker, left, undefined, "carol")).toMatchObject({
      state: "approved",
      durationSeconds: 1_800,
      expiresAt: plusSeconds(broker.clock.now(), 1_800),
    });
  });

  it.each(["approve", "deny"] as const)(
    "A decision on what was asked for is refused, and says what changed: %s",
    async (verdict) => {
      const { broker, asked } = await offered({ namespaces: ["payments-api"] });
      const { id, digest } = asked;
      const decision = { verdict, digest };
      await expect(
        decideRequest(broker.front, broker.actor("carol"), id, decision),
      ).rejects.toMatchObject({
        code: "digest-mismatch",
        message:
          "bob has approved this for less since you were shown it: AmazonEKSEditPolicy in payments-api for 1h, in place of AmazonEKSEditPolicy in payments-api, payments-web for 1h. Nothing was changed; read it again, then decide.",
      });
      expect(await broker.reload(asked)).toMatchObject({ state: "pending", version: 2 });
    },
  );

  it("An earlier approval covers what a later one makes less, and each keeps its own digest", async () => {
    const broker = brokerWith(TWO);
    const asked = await broker.ask(ASKED);
    await approve(broker, asked);
    const approved = await approve(broker, asked, { durationSeconds: 600 }, "carol");
    expect(approved).toMatchObject({
      state: "approved",
      durationSeconds: 600,
      approvals: [
        { person: "bob", digest: asked.digest },
        { person: "carol", digest: approved.digest },
      ],
    });
    await broker.converge();
    expect(await broker.reload(asked)).toMatchObject({ state: "active" });
  });

  it("An approval of an earlier release covers it too, and gets the digest of its time", async () => {
    const broker = brokerWith(TWO);
    const asked = await broker.ask(ASKED);
    const before = await approve(broker, asked);
    const approvals = before.approvals.map(({ digest: _, ...approval }) => approval);
    broker.tables.requests.set(asked.id, { ...before, approvals });
    const approved = await approve(broker, asked, { durationSeconds: 600 }, "carol");
    expect(approved.approvals.map(({ digest }) => digest)).toEqual([asked.digest, approved.digest]);
    await broker.converge();
    expect(await broker.reload(asked)).toMatchObject({ state: "active" });
  });

  it("Each of three approvers keeps the digest of what they were shown", async () => {
    const three = [
      { groups: ["payments-leads"], count: 1 },
      { groups: ["platform"], count: 2 },
    ];
    const broker = brokerWith({ approval: three }, withAdmins());
    const asked = await broker.ask(ASKED);
    await approve(broker, asked);
    const left = await approve(broker, asked, { durationSeconds: 600 }, "carol");
    const approved = await approve(broker, left, undefined, "dora");
    const digests = approved.approvals.map(({ digest }) => digest);
    expect(digests).toEqual([asked.digest, left.digest, left.digest]);
    await broker.converge();
    expect(await broker.reload(asked)).toMatchObject({ state: "active" });
  });

  it("Both may make it less, one after the other", async () => {
    const { broker, offered: left } = await offered();
    const less = { namespaces: ["payments-web"] };
    const approved = await approve(broker, left, less, "carol");
    expect(approved).toMatchObject({
      state: "approved",
      access: edit("payments-web"),
      durationSeconds: 1_800,
    });
    expect(approved.earlierTerms).toHaveLength(2);
    await broker.converge();
    expect(await broker.reload(approved)).toMatchObject({ state: "active" });
  });

  it("Repeating the same approval for less changes nothing; another one is refused", async () => {
    const less = { durationSeconds: 1_800 };
    const { broker, asked, offered: left } = await offered(less);
    expect(await approve(broker, asked, less)).toEqual(left);
    expect(await approve(broker, left)).toEqual(left);
    for (const [shown, other] of [
      [asked, { durationSeconds: 900 }],
      [left, { durationSeconds: 900 }],
    ] as const)
      await expect(approve(broker, shown, other)).rejects.toMatchObject({
        code: "already-approved",
      });
    expect(await broker.reload(asked)).toEqual(left);
  });

  it("One of two who make it less at once is refused, in every order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const broker = brokerWith(TWO);
        const asked = await broker.ask(ASKED);
        const { load, save } = broker.front.requests;
        const requests = {
          ...broker.front.requests,
          load: scheduler.scheduleFunction(load),
          save: scheduler.scheduleFunction(save),
        };
        const slow = { ...broker, front: { ...broker.front, requests } };
        const acts = [
          approve(slow, asked, { durationSeconds: 600 }, "bob"),
          approve(slow, asked, { namespaces: ["payments-api"] }, "carol"),
        ].map((act) => act.then(() => "done").catch((error: { code: string }) => error.code));
        await scheduler.waitIdle();
        expect((await Promise.all(acts)).toSorted()).toEqual(["digest-mismatch", "done"]);
        expect(await broker.reload(asked)).toMatchObject({ state: "pending", version: 2 });
      }),
      { numRuns: 100 },
    );
  });

  it("Access that was asked for cannot be asked again while it waits, and can be once it is decided", async () => {
    const { broker, offered: left } = await offered({ namespaces: ["payments-api"] });
    await expect(broker.ask(ASKED)).rejects.toMatchObject({ code: "duplicate-request" });
    await approve(broker, left, undefined, "carol");
    expect(await broker.ask(ASKED)).toMatchObject({ state: "pending" });
  });
});

describe("An approval for less that is refused", () => {
  const SHORTER = { durationSeconds: 600 };
  it.each<[string, CounterOffer, string, string]>([
    ["for longer", { durationSeconds: 3_601 }, "bob", "longer-than-asked"],
    ["for no time", { durationSeconds: 0 }, "bob", "too-short"],
    ["for a negative time", { durationSeconds: -60 }, "bob", "too-short"],
    ["for another namespace", { namespaces: ["payments-db"] }, "bob", "namespace-not-asked"],
    ["for a wildcard", { namespaces: ["payments-*"] }, "bob", "namespace-not-asked"],
    ["for no namespace", { namespaces: [] }, "bob", "namespace-not-asked"],
    ["for the same", { durationSeconds: 3_600 }, "bob", "not-less"],
    ["by the requester", SHORTER, "alice", "self-approval"],
    ["by an admin who is no approver", SHORTER, "carol", "forbidden"],
  ])("Nothing changes where it is %s", async (_, less, by, code) => {
    const broker = brokerWith();
    const asked = await broker.ask(ASKED);
    await expect(approve(broker, asked, less, by)).rejects.toMatchObject({ code });
    expect(await broker.reload(asked)).toEqual(asked);
    expect(await broker.history(asked)).toHaveLength(1);
  });

  it("A request for groups has no namespaces to take away", async () => {
    const broker = memoryBroker();
    const access = { groups: ["eks-admins"] };
    const asked = await broker.ask({ cluster: "staging", access });
    await expect(approve(broker, asked, { namespaces: ["a"] })).rejects.toMatchObject({
      code: "no-namespaces-asked",
    });
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it.each<[string, (broker: MemoryBroker, asked: AccessRequest) => Promise<AccessRequest>]>([
    ["approved", (broker, asked) => broker.approve(asked, "bob")],
    ["cancelled", (broker, asked) => broker.end(asked, "cancel")],
  ])("A request that is %s keeps its terms", async (_, decide) => {
    const broker = brokerWith({ approval: [{ groups: ["payments-leads", "sre"], count: 1 }] });
    const asked = await broker.ask(ASKED);
    const decided = await decide(broker, asked);
    await expect(approve(broker, asked, SHORTER, "carol")).rejects.toMatchObject({
      code: "illegal-transition",
    });
    expect(await broker.reload(asked)).toEqual(decided);
  });

  it("Break-glass is approved as it was asked for, at once or by people", async () => {
    const broker = brokerWith({ breakGlass: true });
    const asked = await broker.ask({ ...ASKED, rule: "payments-edit" });
    await expect(approve(broker, asked, SHORTER)).rejects.toMatchObject({
      code: "break-glass-as-asked",
    });
    expect(await broker.reload(asked)).toEqual(asked);
  });
});
