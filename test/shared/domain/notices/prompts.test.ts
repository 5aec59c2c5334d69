/** When approvers are asked again, and who. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { circles, oneOf, policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import type { RequestNotice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { promptEvents } from "../../../../shared/domain/notices/prompt-events.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, Approval } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";

const MINUTE = 60;
const BOTH = circles(["payments-leads"], ["sre"]);
const REMIND = { afterSeconds: 10 * MINUTE, times: 3 };

const policyWith = (change: Partial<Rule>, approval = [BOTH]): AccessPolicy => {
  const policy = policyAsking(...approval);
  return {
    ...policy,
    slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
    rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, ...change } : rule)),
  };
};
const asked = (change: Partial<AccessRequest> = {}) =>
  aRequest({ requirements: [BOTH], ...change });
const approvedBy = (person: string): Approval => ({ person, surface: "api", at: T0, proof: {} });

const planAt = (policy: AccessPolicy, request: AccessRequest, minutes: number) =>
  noticesFor(policy, request, plusSeconds(T0, minutes * MINUTE));
const sentAt = (policy: AccessPolicy, request: AccessRequest, minutes: number) =>
  planAt(policy, request, minutes).notices.filter(({ send }) => send);
const keysAt = (...args: Parameters<typeof sentAt>) =>
  sentAt(...args)
    .map(({ key }) => key)
    .filter((key) => !key.startsWith("request@"));
const noticeAt = (key: string, ...args: Parameters<typeof sentAt>): RequestNotice | undefined =>
  sentAt(...args).find((notice) => notice.key === key);

/** Each minute at which only time changes the plan. */
function changes(policy: AccessPolicy, request: AccessRequest): readonly number[] {
  const times: number[] = [];
  for (let at: string | null = T0; at !== null; ) {
    at = noticesFor(policy, request, at).changesAt;
    if (at !== null) times.push(secondsBetween(T0, at) / MINUTE);
  }
  return times;
}

describe("Reminders", () => {
  const policy = policyWith({ remind: REMIND }, [oneOf("payments-leads")]);
  const request = aRequest();

  it("Reminders come after ten, thirty and seventy minutes: the pauses double", () => {
    expect(changes(policy, request)).toEqual([10, 30, 70]);
    const at = [9, 10, 29, 30, 69, 70, 1_000].map((minutes) => keysAt(policy, request, minutes));
    expect(at).toEqual([
      [],
      ["reminder-1@C0001"],
      ["reminder-1@C0001"],
      ["reminder-2@C0001"],
      ["reminder-2@C0001"],
      ["reminder-3@C0001"],
      ["reminder-3@C0001"],
    ]);
  });

  it("A reminder is in the thread of the message, and calls those who can still approve", () => {
    const reminder = noticeAt("reminder-1@C0001", policy, request, 10);
    expect(reminder).toMatchObject({ thread: "request@C0001", mentions: ["bob"], actions: [] });
    const two = policyWith({ remind: REMIND }, [oneOf("payments-leads"), oneOf("sre")]);
    const partly = aRequest({
      requirements: [oneOf("payments-leads"), oneOf("sre")],
      approvals: [approvedBy("bob")],
    });
    expect(noticeAt("reminder-1@C0001", two, partly, 10)?.mentions).toEqual(["carol"]);
  });

  it("Nobody is reminded before it lapses any more than the rule says, nor afterwards", () => {
    const many = policyWith({ remind: { ...REMIND, times: 10 } }, [oneOf("payments-leads")]);
    expect(changes(many, aRequest({ lapsesAt: plusSeconds(T0, 70 * MINUTE) }))).toEqual([10, 30]);
  });

  it("Nobody is reminded where nobody can approve", () => {
    const alone = policyWith({ remind: REMIND }, [oneOf("payments")]);
    const request = aRequest({ requirements: [oneOf("payments")] });
    expect(keysAt(alone, request, 10)).toEqual([]);
    expect(promptEvents(alone, request, plusSeconds(T0, 600))).toEqual([]);
  });

  it("Those who have a message of their own are reminded there too, apart from who approved", () => {
    const direct = policyWith({ remind: REMIND, notify: { direct: true } }, [
      oneOf("payments-leads"),
      oneOf("sre"),
    ]);
    const requirements = [oneOf("payments-leads"), oneOf("sre")];
    expect(keysAt(direct, aRequest({ requirements }), 10)).toEqual([
      "decision-wanted@bob",
      "decision-wanted@carol",
      "reminder-1@C0001",
      "reminder-1@bob",
      "reminder-1@carol",
    ]);
    const partly = aRequest({ requirements, approvals: [approvedBy("bob")] });
    expect(keysAt(direct, partly, 10)).toContain("reminder-1@carol");
    expect(keysAt(direct, partly, 10)).not.toContain("reminder-1@bob");
    expect(noticeAt("reminder-1@carol", direct, partly, 10)).toMatchObject({
      thread: "decision-wanted@carol",
      mentions: [],
    });
  });

  it.each(["approved", "active", "denied", "cancelled", "lapsed", "ended", "failed"] as const)(
    "A request that is %s has no reminders and no escalations",
    (state) => {
      const both = policyWith({ remind: REMIND, notify: { direct: true } });
      const over = { ...asked(), state };
      const kinds = planAt(both, over, 40).notices.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "reminder" || kind === "escalation")).toEqual([]);
      expect(promptEvents(both, over, plusSeconds(T0, 40 * MINUTE))).toEqual([]);
    },
  );
});

describe("Escalation", () => {
  const policy = policyWith({});

  it("The second circle is called in the thread when its time comes, and gets messages of its own", () => {
    expect(changes(policy, asked())).toEqual([15]);
    expect(keysAt(policy, asked(), 14)).toEqual([]);
    expect(keysAt(policy, asked(), 15)).toEqual(["decision-wanted@carol", "escalation-1@C0001"]);
    expect(noticeAt("escalation-1@C0001", policy, asked(), 15)).toMatchObject({
      thread: "request@C0001",
      mentions: ["carol"],
    });
  });

  it("The message in the channel says who is asked later, and from their time on, who is asked", () => {
    const needed = (minutes: number) =>
      noticeAt("request@C0001", policy, asked(), minutes)?.facts.stillNeeded;
    const second = { groups: ["sre"], people: ["carol"], askedFrom: plusSeconds(T0, 15 * MINUTE) };
    expect(needed(14)).toEqual([
      {
        groups: ["payments-leads"],
        count: 1,
        people: ["bob"],
        second: { ...second, isAsked: false },
      },
    ]);
    expect(needed(15)).toEqual([
      {
        groups: ["payments-leads", "sre"],
        count: 1,
        people: ["bob", "carol"],
        second: { ...second, isAsked: true },
      },
    ]);
  });

  it("A second circle is not asked where its requirement is met, although another is open", () => {
    const two = policyWith({}, [BOTH, oneOf("platform")]);
    const request = asked({
      requirements: [BOTH, oneOf("platform")],
      approvals: [approvedBy("bob")],
    });
    expect(changes(two, request)).toEqual([]);
    expect(keysAt(two, request, 15)).toEqual([]);
  });

  it("Escalations keep their numbers when an earlier one is no longer needed", () => {
    const late = { ...BOTH, escalate: { afterSeconds: 30 * MINUTE, groups: ["platform"] } };
    const requirements = [circles(["payments-leads"], ["sre"]), { ...late, groups: ["managers"] }];
    const two = policyWith({}, requirements);
    const request = asked({ requirements });
    expect(changes(two, request)).toEqual([15, 30]);
    expect(keysAt(two, { ...request, approvals: [approvedBy("bob")] }, 30)).toContain(
      "escalation-2@C0001",
    );
  });

  it("A requester in the second circle is never asked", () => {
    const own = policyWith({}, [circles(["payments-leads"], ["payments", "sre"])]);
    const request = asked({ requirements: [circles(["payments-leads"], ["payments", "sre"])] });
    expect(noticeAt("escalation-1@C0001", own, request, 15)?.mentions).toEqual(["carol"]);
    const alone = [circles(["payments-leads"], ["payments"])];
    expect(keysAt(policyWith({}, alone), asked({ requirements: alone }), 15)).toEqual([]);
  });

  it("A decided request updates the message of a second circle that was asked", () => {
    const decided: AccessRequest = { ...asked(), state: "denied" };
    expect(planAt(policy, decided, 20).notices.map(({ key }) => key)).toContain(
      "decision-wanted@carol",
    );
    expect(keysAt(policy, decided, 20)).not.toContain("decision-wanted@carol");
  });

  it("Without Slack, the plan still changes when a prompt is due, and the bus gets it", () => {
    const { slack: _, ...silent } = policyWith({ remind: REMIND });
    expect(changes(silent, asked())).toEqual([10, 15, 30, 70]);
    expect(promptEvents(silent, asked(), plusSeconds(T0, 15 * MINUTE))).toMatchObject([
      { type: "escalation", detail: { prompt: { number: 1, people: ["carol"] } } },
      { type: "reminder", detail: { prompt: { number: 1, people: ["bob"] } } },
    ]);
  });
});

describe("Prompts at any time", () => {
  const minutes = fc.integer({ min: 1, max: 600 });
  const times = fc.integer({ min: 1, max: 10 });

  it("At any time each reader has one reminder at most, and never the requester", () => {
    fc.assert(
      fc.property(minutes, times, minutes, minutes, (after, count, escalate, now) => {
        const requirement = {
          ...BOTH,
          escalate: { afterSeconds: escalate * MINUTE, groups: ["sre"] },
        };
        const remind = { afterSeconds: after * MINUTE, times: count };
        const rule = policyWith({ remind, notify: { direct: true } }, [requirement]);
        const request = asked({ requirements: [requirement] });
        const prompts = planAt(rule, request, now).notices.filter(
          ({ kind }) => kind === "reminder" || kind === "escalation",
        );
        const places = prompts.map(({ key }) => key.replace(/-\d+@/, "@"));
        expect(new Set(places).size).toBe(places.length);
        expect(
          JSON.stringify(prompts.map(({ mentions, audience }) => [mentions, audience])),
        ).not.toContain("alice");
        expect(changes(rule, request).length).toBeLessThanOrEqual(count + 1);
      }),
    );
  });
});
