import { describe, expect, it } from "vitest";
import {
  type CallFact,
  differences,
} from "../../../../../shared/domain/evidence/calls/recorded-call.ts";
import {
  changeOf,
  eventKeyOf,
  type TrailEvent,
} from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { aCall, anEvent, MALLORY, OURS, VIEW } from "../samples.ts";

const OTHER = "arn:aws:iam::111122223333:role/people/bob";

describe("A recorded call and an event", () => {
  it("An event with the same facts confirms the call", () => {
    expect(differences(aCall(), anEvent())).toEqual([]);
  });

  it.each<[CallFact | "target, elements", Partial<TrailEvent>]>([
    ["operation", { operation: "DisassociateAccessPolicy" }],
    ["clusterArn", { clusterArn: "arn:aws:eks:us-west-2:111122223333:cluster/staging" }],
    ["clusterArn", { clusterArn: null }],
    ["principalArn", { principalArn: OTHER }],
    ["principalArn", { principalArn: null }],
    ["target", { policyArn: VIEW.replace("View", "Admin") }],
    ["elements", { scope: { type: "cluster" } }],
    ["elements", { scope: { type: "namespace", namespaces: ["payments", "kube-system"] } }],
    ["elements", { scope: null }],
    ["target, elements", { policyArn: null, groups: ["system:masters"] }],
    ["roleArn", { caller: { ...OURS, roleArn: MALLORY.roleArn } }],
    ["roleArn", { caller: { ...OURS, roleArn: null } }],
    ["sessionName", { caller: { ...OURS, sessionName: "timelatch-other" } }],
    ["result", { errorCode: "AccessDenied" }],
  ])("An event with another %s does not confirm the call: %o", (facts, changes) => {
    expect(differences(aCall(), anEvent(changes)).join(", ")).toBe(facts);
  });

  it("A failed call is confirmed by an event without parameters, whatever the error is called", () => {
    const call = aCall({ result: "AccessDeniedException" });
    const event = anEvent({
      errorCode: "AccessDenied",
      clusterArn: null,
      principalArn: null,
      policyArn: null,
      scope: null,
    });
    expect(differences(call, event)).toEqual([]);
    expect(differences({ ...call, result: "ok" }, event)).toEqual(["result"]);
    expect(differences({ ...call, operation: "UpdateAccessEntry" }, event)).toEqual(["operation"]);
  });
});

describe("The access that an event's call sets", () => {
  const entry = { policyArn: null, scope: null };
  it.each<[string, Partial<TrailEvent>, ReturnType<typeof changeOf>]>([
    ["a scope", {}, { target: VIEW, elements: ["ns/payments"] }],
    [
      "no scope",
      { operation: "DisassociateAccessPolicy", scope: null },
      { target: VIEW, elements: [] },
    ],
    [
      "groups",
      { ...entry, operation: "UpdateAccessEntry", groups: ["b", "a"] },
      { target: "groups", elements: ["group/a", "group/b"] },
    ],
    [
      "the removal of all groups",
      { ...entry, operation: "UpdateAccessEntry", groups: [] },
      { target: "groups", elements: [] },
    ],
    [
      "a username",
      { ...entry, operation: "UpdateAccessEntry", username: "eve" },
      { target: null, elements: [] },
    ],
    [
      "a bare entry",
      { ...entry, operation: "CreateAccessEntry", groups: [] },
      { target: null, elements: [] },
    ],
    [
      "an entry with groups",
      { ...entry, operation: "CreateAccessEntry", groups: ["system:masters"] },
      { target: "groups", elements: ["group/system:masters"] },
    ],
    ["nothing", { ...entry, operation: "DeleteAccessEntry" }, { target: null, elements: [] }],
  ])("The event's call sets %s", (_, changes, change) => {
    expect(changeOf(anEvent(changes))).toEqual(change);
  });
});

describe("An event's key", () => {
  it("A corrected record has the key of the event that it corrects", () => {
    const addendum = { reason: "UPDATED_DATA", originalRequestId: null, originalEventId: "first" };
    expect(eventKeyOf(anEvent({ eventId: "second", addendum }))).toBe("first");
  });

  it("A late record without an original has its own key", () => {
    const addendum = { reason: "DELIVERY_DELAY", originalRequestId: null, originalEventId: null };
    expect(eventKeyOf(anEvent({ eventId: "only", addendum }))).toBe("only");
  });
});
