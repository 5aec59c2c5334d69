import { beforeEach, describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../../../lab/fakes/due-notices.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { circles, oneOf } from "../../../../lab/fakes/policy-asking.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { tapPorts } from "../../../../lab/fakes/port-tap.ts";
import { requestFacts } from "../../../../lab/fakes/request-facts.ts";
import { delegationSubject } from "../../../../shared/domain/notices/subject.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, Requirement } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const HOUR = 3_600;
const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const policyOf = (...args: Parameters<typeof policyDelegating>): AccessPolicy => ({
  ...policyDelegating(...args),
  slack: SLACK,
});

let broker: MemoryBroker;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let bus: ReturnType<typeof memoryEventBus>;

function start(policy: AccessPolicy = policyOf()) {
  broker = memoryBroker({ policy });
  messenger = memoryMessenger();
  bus = memoryEventBus();
  ports = {
    requests: broker.front.requests,
    delegations: broker.front.delegations,
    notices: memoryNoticeStore(broker.tables),
    findings: memoryFindingStore(broker.tables),
    stops: memoryStopStore(),
    bus,
    messenger,
    clock: broker.clock,
    pause: { for: async (millis) => broker.clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy,
  };
}

/** As the sweep does: notify runs for every subject that is due, until none is. */
async function settle(own = ports) {
  for (let turns = 0; turns < 20; turns += 1) {
    const due = await dueIn(own.notices, broker.clock.now(), 100);
    if (due.length === 0) return;
    for (const subject of due)
      await notify(own, subject, { millisLeft: () => 30_000, log: () => undefined });
  }
  throw new Error("Notices are still due after 20 turns.");
}
const later = async (seconds: number) => {
  broker.clock.advance(seconds);
  await settle();
};

const to = (person: string) => messenger.shown.filter(({ channel }) => channel === `D-${person}`);
const kindsTo = (person: string) => to(person).map(({ notice }) => notice.kind);
/** The text of the last message to a person. */
const readBy = (person: string): string => {
  const last = to(person).at(-1);
  return last ? JSON.stringify(messageFor(last.notice)) : "";
};
const buttonsOf = (person: string) =>
  to(person).flatMap(({ notice }) => (notice.kind === "decision-wanted" ? notice.actions : []));
const DECISIONS = ["approve", "approve-less", "deny", "details"];
const until = (seconds: number) => ({ until: plusSeconds(T0, seconds) });
const published = () => bus.published.map(({ type, detail }) => `${type} ${detail.id}`);

beforeEach(() => start());

describe("Messages about a delegation", () => {
  it("Delegator and delegate hear of a delegation as it begins, and as its time is over", async () => {
    const { id } = await broker.delegate("bob", "erin", until(HOUR));
    await settle();
    expect([kindsTo("bob"), kindsTo("erin")]).toEqual([["delegation-begun"], ["delegation-begun"]]);
    expect(readBy("erin")).toContain("You may approve for bob now.");
    expect(readBy("bob")).toContain("erin may approve for you now.");
    expect(readBy("bob")).toContain(`timelatch delegations end ${id}`);
    await later(HOUR - 1);
    expect(messenger.shown).toHaveLength(2);
    await later(1);
    expect(kindsTo("erin")).toEqual(["delegation-begun", "delegation-over"]);
    expect(readBy("erin")).toContain("bob's delegation to you is over.");
    expect(readBy("bob")).toContain("Its time is over. What was decided stays decided.");
    expect(published()).toEqual([`delegate ${id}#1`, `delegation-over ${id}#over`]);
  });

  it("Both hear who ended a delegation before its time, once", async () => {
    const delegation = await broker.delegate("bob", "erin", until(HOUR));
    await settle();
    broker.clock.advance(60);
    await broker.endDelegation(delegation, "erin");
    await settle();
    expect(kindsTo("bob")).toEqual(["delegation-begun", "delegation-over"]);
    expect(readBy("bob")).toContain("erin ended it.");
    expect(readBy("erin")).toContain("erin ended it.");
    await later(HOUR);
    expect(messenger.shown).toHaveLength(4);
    const { id } = delegation;
    expect(published()).toEqual([`delegate ${id}#1`, `undelegate ${id}#2`]);
  });

  it("Both get a message about a delegation for later as it is made, and again as it begins", async () => {
    await broker.delegate("bob", "erin", { from: plusSeconds(T0, HOUR), ...until(2 * HOUR) });
    await settle();
    expect(kindsTo("erin")).toEqual(["delegation-coming"]);
    expect(readBy("bob")).toContain("erin will be able to approve for you.");
    await later(HOUR);
    expect(kindsTo("erin")).toEqual(["delegation-coming", "delegation-begun"]);
  });

  it("Where notify's clock is behind, both get one message about a delegation and one about its end", async () => {
    const delegation = await broker.delegate("bob", "erin", until(HOUR));
    broker.clock.advance(-2);
    await notify(ports, delegationSubject(delegation.id), { millisLeft: () => 0, log: () => {} });
    expect(kindsTo("erin")).toEqual([]);
    await notify(ports, delegationSubject(delegation.id), {
      millisLeft: () => 30_000,
      log: () => {},
    });
    expect(kindsTo("erin")).toEqual(["delegation-begun"]);
    broker.clock.advance(10);
    await broker.endDelegation(delegation);
    broker.clock.advance(-2);
    await notify(ports, delegationSubject(delegation.id), {
      millisLeft: () => 30_000,
      log: () => {},
    });
    expect(kindsTo("erin")).toEqual(["delegation-begun", "delegation-over"]);
  });

  it("A shorter longest makes the end of a delegation come sooner", async () => {
    await broker.delegate("bob", "erin", until(2 * HOUR));
    ports = { ...ports, policy: { ...ports.policy, delegations: { longestSeconds: HOUR } } };
    await settle();
    await later(HOUR);
    expect(kindsTo("erin")).toEqual(["delegation-begun", "delegation-over"]);
  });

  it("Without Slack only the bus hears of a delegation and of its end", async () => {
    const { slack: _slack, ...policy } = policyOf();
    start(policy);
    ports = { ...ports, messenger: undefined };
    const { id } = await broker.delegate("bob", "erin", until(HOUR));
    await later(0);
    await later(HOUR);
    expect(published()).toEqual([`delegate ${id}#1`, `delegation-over ${id}#over`]);
    expect(broker.tables.notices.get(delegationSubject(id))?.dueAt).toBeNull();
  });

  it("A delegation that is long over is no news, and its records rest", async () => {
    const { id } = await broker.delegate("bob", "erin", until(HOUR));
    broker.clock.advance(HOUR + 86_401);
    await settle();
    expect(messenger.shown).toEqual([]);
    expect(broker.tables.notices.get(delegationSubject(id))?.dueAt).toBeNull();
  });

  it("A notice record without its delegation is a defect that notify reports", async () => {
    const { id } = await broker.delegate("bob", "erin", until(HOUR));
    broker.tables.delegations.clear();
    const run = notify(ports, delegationSubject(id), { millisLeft: () => 30_000, log: () => {} });
    await expect(run).rejects.toThrow(/no whole chain/);
  });

  it("A crash at any call of notify loses no message about a delegation, and no request", async () => {
    const crashes = { at: 1, met: true };
    for (; crashes.met; crashes.at += 1) {
      crashes.met = false;
      start();
      const asked = await broker.ask();
      await settle();
      await broker.delegate("bob", "erin", until(HOUR));
      let calls = 0;
      const sites = ["requests", "delegations", "notices", "bus", "messenger"] as const;
      const crashing = tapPorts(ports, sites, async (call) => {
        calls += 1;
        const answer = await call.apply();
        if (calls !== crashes.at) return answer;
        crashes.met = true;
        throw new Error("The function ends here.");
      });
      await settle(crashing).catch(() => undefined);
      await settle();
      // Nobody knows whether the run that ended still sends.
      await later(60);
      expect(kindsTo("erin").toSorted(), `${crashes.at}`).toEqual([
        "decision-wanted",
        "delegation-begun",
      ]);
      expect(kindsTo("bob"), `${crashes.at}`).toEqual(["delegation-begun"]);
      expect(broker.tables.notices.get(asked.id)?.dueAt).not.toBe(T0);
    }
    expect(crashes.at).toBeGreaterThan(15);
  });
});

describe("A request that waits for a delegator", () => {
  const ask = async (): Promise<AccessRequest> => {
    const asked = await broker.ask();
    await settle();
    return asked;
  };

  it("The delegate is asked in a message of their own, which says for whom and until when", async () => {
    await broker.delegate("bob", "erin", until(HOUR));
    await ask();
    expect(kindsTo("erin")).toEqual(["delegation-begun", "decision-wanted"]);
    expect(readBy("erin")).toContain("You are asked for bob, who delegated to you.");
    expect(readBy("erin")).toContain("Delegated to you until 2026-11-24 11:00 UTC");
    expect(buttonsOf("erin")).toEqual(DECISIONS);
    expect(kindsTo("frank")).toEqual([]);
  });

  it("A delegate is asked for what was pending before, within the sweep that follows", async () => {
    await ask();
    expect(kindsTo("erin")).toEqual([]);
    broker.clock.advance(60);
    await broker.delegate("bob", "erin", until(HOUR));
    await settle();
    expect(kindsTo("erin")).toEqual(["delegation-begun", "decision-wanted"]);
  });

  it("A delegate is asked for ten at once of what was pending, and for the rest within ten minutes", async () => {
    const namespaces = Array.from({ length: 12 }, (_, n) => `payments-${n}`);
    for (const each of namespaces) {
      const scope = { type: "namespace", namespaces: [each] } as const;
      await broker.ask({ access: { policy: "AmazonEKSEditPolicy", scope } });
    }
    await settle();
    const wanted = () => kindsTo("erin").filter((kind) => kind === "decision-wanted");
    await broker.delegate("bob", "erin", until(HOUR));
    await settle();
    expect(wanted()).toHaveLength(10);
    await later(600);
    expect(wanted()).toHaveLength(12);
  });

  it("A delegate is asked as the delegation begins, not as it is made", async () => {
    await broker.delegate("bob", "erin", { from: plusSeconds(T0, 600), ...until(HOUR) });
    await ask();
    expect(buttonsOf("erin")).toEqual([]);
    await later(600);
    expect(buttonsOf("erin")).toEqual(DECISIONS);
  });

  it.each([
    ["ended", async () => broker.endDelegation({ id: await onlyDelegation() })],
    ["over", async () => broker.clock.advance(HOUR)],
  ])("Once the delegation is %s, the delegate's message has no buttons left", async (_as, end) => {
    await broker.delegate("bob", "erin", until(HOUR));
    const asked = await ask();
    await end();
    await settle();
    expect(buttonsOf("erin")).toEqual([]);
    const message = to("erin").find(({ notice }) => notice.kind === "decision-wanted");
    expect(JSON.stringify(message && messageFor(message.notice))).toContain(
      "You are no longer asked to decide on this.",
    );
    expect((await broker.reload(asked)).state).toBe("pending");
  });

  const onlyDelegation = async () => [...broker.tables.delegations.keys()][0] ?? "";

  it("A decision of the delegate says for whom, in every message about the request", async () => {
    await broker.delegate("bob", "erin", until(HOUR));
    const asked = await ask();
    await broker.approve(asked, "erin");
    await later(10);
    const all = messenger.shown.filter(({ notice }) => notice.subject === asked.id);
    expect(all.map(({ notice }) => notice.key).toSorted()).toEqual([
      "access@alice",
      "decision-wanted@erin",
      "request@C0001",
    ]);
    for (const { notice } of all) {
      expect(requestFacts(notice).approvers).toEqual(["erin for bob"]);
      expect(JSON.stringify(messageFor(notice))).toContain("Approved by erin for bob.");
    }
    expect(buttonsOf("erin")).toEqual([]);
  });

  it("An approver who becomes a delegate too gets one message", async () => {
    const approval = [oneOf("payments-leads"), oneOf("sre")];
    start(policyOf(approval, { notify: { direct: true } }));
    await broker.delegate("carol", "bella", until(HOUR));
    const asked = await ask();
    expect(readBy("bella")).toContain("You can approve for payments-leads");
    await broker.approve(asked, "bob");
    await later(10);
    expect(kindsTo("bella").filter((kind) => kind === "decision-wanted")).toHaveLength(1);
    expect(readBy("bella")).toContain("You are asked for carol, who delegated to you.");
    const { updates } = to("bella").at(-1) ?? {};
    expect(updates).toBe(1);
  });

  it("Once the delegator has decided, the delegate is not asked for the rest", async () => {
    start(policyOf([oneOf("payments-leads"), oneOf("sre")]));
    await broker.delegate("bob", "erin", until(HOUR));
    const asked = await ask();
    await broker.approve(asked, "bob");
    await settle();
    expect(buttonsOf("erin")).toEqual([]);
  });

  it("A delegation that begins while a request is being shown leaves one message in the channel", async () => {
    const { id } = await broker.ask();
    let looks = 0;
    const meanwhile = tapPorts({ ...ports, messenger }, ["messenger"], async (call) => {
      const sent = await call.apply();
      looks += 1;
      if (looks <= 3) await ports.notices.lookAgain(id, broker.clock.now());
      return sent;
    });
    await settle(meanwhile);
    expect(looks).toBeGreaterThan(0);
    expect(messenger.shown.filter(({ channel }) => channel === "C0001")).toHaveLength(1);
  });

  it("A delegate of several who are asked has one message, for all of them", async () => {
    await broker.delegate("bob", "erin", until(HOUR));
    await broker.delegate("bella", "erin", until(2 * HOUR));
    await ask();
    expect(kindsTo("erin").filter((kind) => kind === "decision-wanted")).toHaveLength(1);
    expect(readBy("erin")).toContain("You are asked for bella and bob, who delegated to you.");
    expect(readBy("erin")).toContain("The first of them delegated until 2026-11-24 11:00 UTC");
  });

  it.each([
    ["asked for it", "alice", {}],
    ["holds the principal", "frank", { frank: "alice" }],
    ["is asked for themselves", "bella", {}],
  ])("A delegate who %s is not asked for others", async (_why, delegate, holds) => {
    const alice = policyOf().people["alice"]?.principals ?? [];
    const principals = Object.fromEntries(Object.keys(holds).map((name) => [name, alice]));
    start(policyOf([oneOf("payments-leads")], { sharedPrincipals: true }, principals));
    await broker.delegate("bob", delegate, until(HOUR));
    await ask();
    expect(kindsTo(delegate)).not.toContain("decision-wanted");
  });

  it.each([
    ["may not be delegated", [oneOf("payments-leads")], { delegable: false }],
    ["has other approvers", [oneOf("sre")], {}],
  ] as const)("No delegate is asked under a rule that %s", async (_why, approval, over) => {
    const rules = policyOf([...approval] as Requirement[], over);
    start(rules);
    // Bob approves under another rule, so that he may delegate at all.
    const [first] = rules.rules;
    if (!first) throw new Error("There is no rule.");
    const other = { ...first, name: "other", clusters: [], delegable: true };
    start({ ...rules, rules: [first, { ...other, approval: [oneOf("payments-leads")] }] });
    await broker.delegate("bob", "erin", until(HOUR));
    await ask();
    expect(kindsTo("erin")).toEqual(["delegation-begun"]);
  });

  it("A delegate is reminded as the delegator is, in the thread of their message", async () => {
    start(policyOf([oneOf("payments-leads")], { remind: { afterSeconds: 600, times: 1 } }));
    await broker.delegate("bob", "erin", until(HOUR));
    await ask();
    await later(600);
    expect(kindsTo("erin")).toEqual(["delegation-begun", "decision-wanted", "reminder"]);
  });

  it("The delegates of a second circle are asked when its time comes", async () => {
    start(policyOf([circles(["payments-leads"], ["sre"])]));
    await broker.delegate("carol", "erin", until(HOUR));
    await ask();
    expect(buttonsOf("erin")).toEqual([]);
    await later(900);
    expect(buttonsOf("erin")).toEqual(DECISIONS);
  });

  it("Where nobody decides in Slack, the delegate's message has no button to decide", async () => {
    start(policyOf([oneOf("payments-leads")], { decideIn: ["api"] }));
    await broker.delegate("bob", "erin", until(HOUR));
    const { id } = await ask();
    expect(buttonsOf("erin")).toEqual(["details"]);
    expect(readBy("erin")).toContain(`timelatch approve ${id}`);
  });
});
