/** Messages about what a machine asks for: to its owners, who may end it and nothing else. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { BOT, policyWithMachine } from "../../../../lab/fakes/machine-policy.ts";
import type { RequestNotice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { offeredActions } from "../../../../shared/domain/notices/offered-actions.ts";
import { stopNotices } from "../../../../shared/domain/notices/stop-notices.ts";
import type { AccessRequest, State } from "../../../../shared/domain/requests/request.ts";
import { NO_STOPS, stopRecord } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { messageFor } from "../../../../shared/slack/message.ts";

const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const POLICY = { ...policyWithMachine(), slack: SLACK };
const HOUR = 3_600;

const inState = (state: State, over: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest({ requester: "deploy-bot", machine: true, principalArn: BOT }),
  state,
  approvals: state === "pending" ? [] : [{ person: "bob", surface: "api", at: T0, proof: {} }],
  ...(state === "pending"
    ? {}
    : { effectiveAt: T0, revokeAt: plusSeconds(T0, HOUR - 120), expiresAt: plusSeconds(T0, HOUR) }),
  ...over,
});

const sent = (request: AccessRequest, now = T0): readonly RequestNotice[] =>
  noticesFor(POLICY, request, now).notices.filter(({ send }) => send);
const keyed = (request: AccessRequest, now = T0) =>
  Object.fromEntries(sent(request, now).map(({ key, actions }) => [key, actions]));

describe("The messages about a machine's request", () => {
  it("Its owners get those of a requester, and end what is lent", () => {
    expect(keyed(inState("pending"))).toEqual({ "request@C0001": expect.anything() });
    expect(keyed(inState("active"))).toMatchObject({
      "access@olga": ["revoke"],
      "access@otto": ["revoke"],
    });
    const soon = plusSeconds(T0, HOUR - 120 - 300);
    expect(keyed(inState("active"), soon)).toMatchObject({ "ends-soon@olga": ["revoke"] });
    expect(keyed(inState("ended"))).toMatchObject({ "over@olga": [], "over@otto": [] });
    for (const state of ["pending", "active", "ended"] as const)
      expect(Object.keys(keyed(inState(state))).join()).not.toContain("deploy-bot");
  });

  it("Of a request that waits they can end nothing, though somebody approved it for less", () => {
    const ends = (state: State) => offeredActions(POLICY, inState(state), ["cancel"]);
    expect(ends("approved")).toEqual(["revoke"]);
    expect(ends("pending")).toEqual([]);
  });

  it("Nothing asks an owner to approve, in a message of their own either", () => {
    const rules = POLICY.rules.map((rule) => ({
      ...rule,
      notify: { ...rule.notify, direct: true },
    }));
    const keys = (request: AccessRequest) =>
      noticesFor({ ...POLICY, rules }, request, T0).notices.map(({ key }) => key);
    expect(keys(inState("pending"))).toContain("decision-wanted@bob");
    expect(keys(inState("pending"))).not.toContain("decision-wanted@otto");
  });

  it("They name it as a machine, and its owner is not addressed as who asked", () => {
    for (const notice of sent(inState("active"))) {
      const { text } = messageFor(notice);
      expect(text).toContain("machine deploy-bot");
      expect(text).not.toContain("You can");
    }
    const [access] = sent(inState("active")).filter(({ kind }) => kind === "access");
    expect(JSON.stringify(access && messageFor(access))).toContain("You own this machine");
  });

  it("A request through an agent names the agent, as it calls itself", () => {
    const via = { protocol: "mcp", client: "some-agent 1.0" } as const;
    const [notice] = sent({ ...aRequest({ via }), state: "pending" });
    expect(notice && messageFor(notice).text).toContain("alice through MCP (some-agent 1.0) asks");
  });
});

it("The owners of a machine get the notice of its suspension", () => {
  const record = stopRecord(NO_STOPS, {
    type: "suspend",
    actor: "carol",
    at: T0,
    policyHash: "x",
    details: { person: "deploy-bot", reason: "It ran away.", surface: "api", proof: {} },
  });
  const readers = stopNotices(POLICY, record, T0).notices.map(({ key }) => key);
  expect(readers).toEqual(["stop@C0002", "stop@olga", "stop@otto"]);
});
