/** Approvers on call are asked first, in a message of their own. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { ON_CALL_FILE, onCallBroker, onCallPolicy } from "../../../../lab/fakes/on-call-policy.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { duePrompts } from "../../../../shared/domain/notices/prompts.ts";
import { needsOf } from "../../../../shared/domain/policy/needs.ts";
import { isAskedAsAny } from "../../../../shared/domain/policy/request-rights.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { linesOf } from "../../../../shared/notices/request-lines.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";

const LATER = plusSeconds(T0, 600);
const UNTIL = plusSeconds(T0, 8 * 3_600);
const SLACK = parseAccessPolicy(
  `${ON_CALL_FILE}slack: { teams: [T0001], channel: C0001, alarms: C0002 }\n`.replace(
    /identities: \{ iam: \["(\S+role\/people\/(\w+))"\] \}/g,
    (_, arn, name) =>
      `identities: { iam: ["${arn}"], slack: [T0001/U${String(name).toUpperCase()}] }`,
  ),
);

async function asked(shifts: Parameters<ReturnType<typeof onCallBroker>["onCall"]>[0] | undefined) {
  const broker = onCallBroker(SLACK);
  if (shifts) await broker.onCall(shifts);
  const request = await broker.ask();
  const people = (now: string) =>
    ["bob", "dave"].filter((name) =>
      isAskedAsAny(SLACK, broker.actor(name).member, [], request, now),
    );
  const directly = (now: string) =>
    noticesFor(SLACK, request, now).notices.flatMap(({ kind, audience, send }) =>
      kind === "decision-wanted" && send && audience.kind !== "channel" ? [audience.person] : [],
    );
  return { broker, request, people, directly };
}

describe("Approvers, of whom somebody is on call", () => {
  it("Bob is on call and is asked first; the others follow when nobody approved in time", async () => {
    const { request, people, directly } = await asked({ bob: UNTIL });
    expect(request.askedFirst).toEqual({ primary: ["bob"] });
    expect([people(T0), people(LATER)]).toEqual([["bob"], ["bob", "dave"]]);
    expect([directly(T0), directly(LATER)]).toEqual([["bob"], ["bob", "dave"]]);
    expect(duePrompts(SLACK, request, LATER)).toMatchObject([{ kind: "escalation" }]);
    expect(needsOf(SLACK, request)).toMatchObject([
      {
        onCall: "primary",
        people: ["bob", "dave"],
        escalate: { people: ["dave"], askedFrom: LATER },
      },
    ]);
  });

  it.each([
    ["nobody is on call", {}],
    ["nobody knows", undefined],
    ["only the requester is", { alice: UNTIL }],
    ["only somebody is who cannot approve", { carol: UNTIL }],
  ] as const)("Where %s, all are asked at once, as without a schedule", async (_, shifts) => {
    const { request, people, directly } = await asked(shifts);
    expect(people(T0)).toEqual(["bob", "dave"]);
    expect(directly(T0)).toEqual([]);
    expect(needsOf(SLACK, request)).toEqual([
      { groups: ["payments-leads"], count: 1, people: ["bob", "dave"] },
    ]);
    expect(duePrompts(SLACK, request, LATER)).toEqual([]);
  });

  it("Whoever is not on call may decide all the same, from the start", async () => {
    const { broker, request } = await asked({ bob: UNTIL });
    expect(await broker.approve(request, "dave")).toMatchObject({ state: "approved" });
  });

  it("The channel reads who is asked first, and who later", async () => {
    const { request } = await asked({ bob: UNTIL });
    const [first] = noticesFor(SLACK, request, T0).notices;
    expect(first && linesOf(first).state).toBe(
      "Needs 1 of payments-leads (bob), on call in primary, later also of payments-leads (dave).",
    );
  });
});

describe("A grant that leans on a shift", () => {
  it("The approvers' channel is told of it, with Revoke, and of an override", async () => {
    const broker = onCallBroker(SLACK);
    await broker.look({ shifts: [{ person: "PCAR01", until: UNTIL, byOverride: true }] });
    const grant = await broker.askAsCarol();
    const [told] = noticesFor(SLACK, grant, T0).notices;
    expect(told).toMatchObject({
      kind: "request",
      audience: { kind: "channel", channel: "C0001" },
      actions: expect.arrayContaining(["revoke"]),
      send: true,
    });
    expect(told && linesOf(told).others.join(" ")).toContain(
      "carol was on call in primary then, until 2026-11-24 18:00 UTC, by an override.",
    );
  });

  it("A request of a policy without schedules says nothing of them", async () => {
    const broker = onCallBroker({ ...onCallPolicy(), schedules: {} });
    const request = await broker.ask();
    expect(request).not.toHaveProperty("onCall");
    expect(request).not.toHaveProperty("askedFirst");
  });
});
