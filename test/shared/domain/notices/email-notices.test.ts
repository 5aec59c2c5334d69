/** The readers of e-mail, beside Slack and without it. */
import { describe, expect, it } from "vitest";
import { anApproval, aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { delegationNotices } from "../../../../shared/domain/notices/delegation-notices.ts";
import { partsOfKey } from "../../../../shared/domain/notices/notice-key.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { stopNotices } from "../../../../shared/domain/notices/stop-notices.ts";
import type { AccessPolicy, Medium } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const EMAIL = { from: "access@example.com", configurationSet: "timelatch" };
const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const BY_EMAIL: AccessPolicy = { ...aPolicy(), notices: { email: EMAIL } };
const BOTH: AccessPolicy = { ...BY_EMAIL, slack: SLACK };

/** The policy with somebody's Slack user and chosen media. */
function withPerson(
  policy: AccessPolicy,
  name: string,
  slack: readonly string[],
  notify?: readonly Medium[],
): AccessPolicy {
  const person = policy.people[name];
  if (!person) throw new Error(`There is no ${name}.`);
  const identities = { ...person.identities, slack };
  const changed = { ...person, identities, ...(notify ? { notify } : {}) };
  return { ...policy, people: { ...policy.people, [name]: changed } };
}

const keysOf = (policy: AccessPolicy, request: AccessRequest, now = T0) =>
  noticesFor(policy, request, now)
    .notices.filter(({ send }) => send)
    .map(({ key }) => key);

const GLASS: Partial<AccessRequest> = {
  requester: "carol",
  rule: "break-glass",
  breakGlass: true,
  state: "active",
};
const glass = (changed: Partial<AccessRequest> = {}) =>
  ({
    ...aRequest({ requester: "carol", rule: "break-glass" }),
    ...GLASS,
    ...changed,
  }) as AccessRequest;

describe("Readers of e-mail", () => {
  it("Without Slack, each approver is asked by e-mail, although the rule has no messages of their own", () => {
    expect(keysOf(BY_EMAIL, aRequest())).toEqual(["decision-wanted@email:bob"]);
  });

  it("Without any medium nobody is sent anything", () => {
    expect(keysOf(aPolicy(), aRequest())).toEqual([]);
    expect(keysOf(aPolicy(), glass())).toEqual([]);
  });

  it("Who has Slack reads in Slack, and whoever has not is written e-mail", () => {
    expect(keysOf(withPerson(BOTH, "bob", ["T0001/U0002"]), aRequest())).toEqual(["request@C0001"]);
    expect(keysOf(BOTH, aRequest())).toEqual(["request@C0001", "decision-wanted@email:bob"]);
    expect(keysOf(withPerson(BOTH, "bob", ["T0009/U0002"]), aRequest())).toContain(
      "decision-wanted@email:bob",
    );
  });

  it("A person chooses both media, or the other one", () => {
    const active = { ...aRequest(), state: "active" } as AccessRequest;
    const own = (notify: readonly Medium[]) =>
      keysOf(withPerson(BOTH, "alice", ["T0001/U0001"], notify), active).filter((key) =>
        key.startsWith("access"),
      );
    expect(own(["slack", "email"])).toEqual(["access@alice", "access@email:alice"]);
    expect(own(["email"])).toEqual(["access@email:alice"]);
    expect(own(["slack"])).toEqual(["access@alice"]);
  });

  it("Break-glass reaches admins by all that they have, whatever they chose", () => {
    const slack = withPerson(BOTH, "carol", ["T0001/U0003"], ["slack"]);
    const told = (policy: AccessPolicy) =>
      keysOf(policy, glass()).filter((key) => key.startsWith("break-glass"));
    // Bob would have been asked.
    const mailed = ["break-glass@email:carol", "break-glass@email:bob"];
    expect(told(slack)).toEqual(["break-glass@C0002", ...mailed]);
    expect(told(BY_EMAIL)).toEqual(mailed);
  });

  it("A suspension is told to admins and to whoever it is about, each once", () => {
    const record = {
      seq: 1,
      type: "suspend",
      actor: "bob",
      at: T0,
      details: {
        person: "carol",
        reason: "a lost laptop",
        after: { people: {}, drain: null },
      },
    } as unknown as Parameters<typeof stopNotices>[1];
    expect(stopNotices(BY_EMAIL, record, T0).notices.map(({ key }) => key)).toEqual([
      "stop@email:carol",
    ]);
  });

  it("A delegation is told to both by e-mail", () => {
    const delegation = {
      id: "d1",
      by: "bob",
      to: "carol",
      from: T0,
      createdAt: T0,
      ended: null,
      until: plusSeconds(T0, 3_600),
    } as unknown as Parameters<typeof delegationNotices>[1];
    const policy = { ...BY_EMAIL, delegations: { longestSeconds: 86_400 } };
    const { notices } = delegationNotices(policy, delegation, T0);
    expect(notices.map(({ key }) => key)).toEqual([
      "delegation-begun@email:bob",
      "delegation-begun@email:carol",
    ]);
  });

  it("Of many approvers the first ten are asked, since e-mail has no channel", () => {
    const names = Array.from({ length: 12 }, (_, at) => `lead-${String(at).padStart(2, "0")}`);
    const bob = BY_EMAIL.people["bob"];
    if (!bob) throw new Error("There is no bob.");
    const leads = Object.fromEntries(names.map((name) => [name, { ...bob, principals: [] }]));
    const { bob: _bob, ...others } = BY_EMAIL.people;
    const asked = keysOf({ ...BY_EMAIL, people: { ...others, ...leads } }, aRequest());
    expect(asked).toEqual(names.slice(0, 10).map((name) => `decision-wanted@email:${name}`));
  });
});

describe("An e-mail", () => {
  const noticesIn = (changed: Partial<AccessRequest>, now = T0) =>
    noticesFor(BY_EMAIL, { ...aRequest(), ...changed } as AccessRequest, now).notices;

  it("An e-mail has no button, and is sent once", () => {
    for (const notice of noticesIn({}))
      expect(notice).toMatchObject({ actions: [], once: true, audience: { kind: "mailbox" } });
  });

  it("What came of a question is a further e-mail to whoever was asked, unless they decided it", () => {
    const keys = (changed: Partial<AccessRequest>) =>
      noticesIn(changed).map(({ key, thread }) => [key, thread]);
    const toBob = ["decision-wanted-settled@email:bob", "decision-wanted@email:bob"];
    expect(keys({ state: "cancelled", outcome: { code: "cancelled", detail: "." } })).toEqual([
      toBob,
    ]);
    expect(keys({ state: "lapsed", outcome: { code: "lapsed", detail: "." } })).toEqual([
      toBob,
      ["over@email:alice", undefined],
    ]);
    const denied = { code: "denied", detail: "Denied by bob: no" } as const;
    for (const request of [
      anApproval(aRequest()).request,
      { state: "denied", outcome: denied } as const,
    ])
      expect(keys(request)).not.toContainEqual(toBob);
  });

  it("A requester hears of access when it is there, and earlier only where it is added slowly", () => {
    const approved = noticesIn({ state: "approved", approvedAt: T0 });
    const own = approved.find(({ key }) => key === "access-approved@email:alice");
    expect(own).toMatchObject({ send: true, notBefore: plusSeconds(T0, 5) });
    expect(noticesIn({ state: "active" }).map(({ key }) => key)).toContain("access@email:alice");
  });

  it("Nobody is asked by e-mail while the API refuses the decision", () => {
    const stopped = { people: { alice: { by: "carol", at: T0, reason: "lost" } }, drain: null };
    expect(noticesFor(BY_EMAIL, aRequest(), T0, undefined, stopped).notices).toEqual([]);
  });

  it("The end of a break-glass, and its closed review, follow in the thread", () => {
    const review = { by: ["platform"], dueAt: plusSeconds(T0, 3_600) };
    const closed = { person: "carol", at: T0, note: "ok" };
    const over = { requester: "bob", ...GLASS, state: "ended" } as const;
    const keys = (each: object) =>
      noticesFor(BY_EMAIL, glass({ ...over, ...each, requester: "bob" }), T0).notices.map(
        ({ key, thread }) => `${key} ${thread ?? ""}`.trimEnd(),
      );
    expect(keys({ review: { ...review, closed: null } })).toContain("review-wanted@email:carol");
    expect(keys({ review: { ...review, closed } })).toContain(
      "review-wanted-settled@email:carol review-wanted@email:carol",
    );
    expect(keys({})).toContain("break-glass-over@email:carol break-glass@email:carol");
  });

  it("A key says the medium, and the person by name", () => {
    expect(partsOfKey("reminder-2@email:alice")).toEqual({
      kind: "reminder-2",
      to: "alice",
      medium: "email",
    });
    expect(partsOfKey("reminder-2@alice")).toEqual({ kind: "reminder-2", to: "alice" });
  });
});
