/** The reads that prove a change: what counts as the change that was sent, and what does not. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import type { Change, ChangeName, Sent } from "../../../cli/changes/change.ts";
import { CHANGES } from "../../../cli/changes/changes.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { fakeApi } from "../fake-terminal.ts";
import { ACTIVE, PENDING, SAMPLES } from "../sample-changes.ts";
import { acknowledged, found, LISTED_TO } from "../sample-findings.ts";
import { idOf } from "../sample-requests.ts";
import { ALICE, EVERYONE, NOBODY } from "../sample-stops.ts";

const SINCE = "2026-11-24T10:00:00.000Z";
/** This machine's clock may be a minute ahead of the API's. */
const JUST_SINCE = "2026-11-24T09:59:00.000Z";
const BEFORE = "2026-11-24T09:58:59.999Z";

const person = (name: string): WhoAmIAnswer => ({
  person: name,
  groups: [],
  roles: [],
  identityArn: "x",
});

/** @returns what the read proves, and the calls that it made */
async function traced(
  name: ChangeName,
  who: string,
  read: (call: Call) => unknown,
  sent: Partial<Sent> = {},
) {
  const api = fakeApi(read);
  const { trace } = CHANGES[name] as unknown as Change<ChangeName, unknown>;
  const look = { api, who: person(who), since: SINCE };
  const proven = await trace(look, { ...SAMPLES[name].sent, ...sent } as Sent);
  return { proven, calls: api.calls };
}
const proves = async (...asked: Parameters<typeof traced>) =>
  (await traced(...asked)).proven !== undefined;

describe("A request that was sent", () => {
  const summary = { ...PENDING, createdAt: JUST_SINCE };
  const listed = (request: object) => (call: Call) =>
    call.path === "/v1/requests"
      ? { requests: [{ ...PENDING, id: idOf(9), reason: "x" }, request] }
      : ACTIVE;

  it("It counts with its own terms since the call left, and is read as it is now", async () => {
    const { proven, calls } = await traced("createRequest", "alice", listed(summary));
    expect(proven).toBe(ACTIVE);
    expect(calls.at(-1)?.path).toBe(`/v1/requests/${PENDING.id}`);
    const others = [
      { cluster: "staging" },
      { access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } },
      { reason: "another reason" },
      { createdAt: BEFORE },
    ];
    for (const other of others)
      expect(await proves("createRequest", "alice", listed({ ...summary, ...other }))).toBe(false);
  });

  it("An extension counts of the same grant since the call left", async () => {
    const extension = { ...SAMPLES.extendGrant.answer, createdAt: JUST_SINCE };
    expect(await proves("extendGrant", "alice", listed(extension))).toBe(true);
    for (const other of [{ extends: idOf(5) }, { createdAt: BEFORE }])
      expect(await proves("extendGrant", "alice", listed({ ...extension, ...other }))).toBe(false);
  });
});

describe("A change of a request's history", () => {
  const EVENT = { type: "approve", actor: "bob", seq: 3 };
  const before = { ...PENDING, version: 2 };
  const history =
    (...pages: readonly (readonly object[])[]) =>
    ({ path, query }: Call) => {
      if (!path.endsWith("/events")) return ACTIVE;
      const at = Number(query?.["cursor"] ?? 0);
      return { events: pages[at], ...(at + 1 < pages.length ? { next: String(at + 1) } : {}) };
    };

  it("It counts by this person's event after the version that the command read", async () => {
    expect(await traced("approve", "bob", history([EVENT]), { before })).toMatchObject({
      proven: ACTIVE,
    });
    for (const other of [{ type: "deny" }, { actor: "carol" }, { seq: 2 }, { seq: 1 }])
      expect(await proves("approve", "bob", history([{ ...EVENT, ...other }]), { before })).toBe(
        false,
      );
  });

  it("Each page of the history is looked at", async () => {
    const request = { ...EVENT, type: "request", seq: 1 };
    expect(await proves("approve", "bob", history([request], [EVENT]), { before })).toBe(true);
    expect(await proves("approve", "bob", history([request], []), { before })).toBe(false);
  });

  it("Any such event counts where the command had read nothing before", async () => {
    const { before: _, ...unread } = SAMPLES.returnGrant.sent;
    const first = { type: "return", actor: "alice", seq: 1 };
    expect(await proves("returnGrant", "alice", history([first]), unread)).toBe(true);
  });

  it.each([
    ["escalateRequest", "escalate"],
    ["approve", "approve"],
    ["deny", "deny"],
    ["cancelRequest", "cancel"],
    ["returnGrant", "return"],
    ["revokeGrant", "revoke"],
    ["closeReview", "review"],
  ] as const)("Only its own event proves %s", async (name, type) => {
    const types = [
      "request",
      "approve",
      "deny",
      "cancel",
      "return",
      "revoke",
      "review",
      "escalate",
    ];
    const proving: string[] = [];
    for (const each of types)
      if (await proves(name, "bob", history([{ type: each, actor: "bob", seq: 99 }])))
        proving.push(each);
    expect(proving).toEqual([type]);
  });
});

describe("A change of a delegation", () => {
  const answer = SAMPLES.createDelegation.answer;
  const made = { ...answer, from: JUST_SINCE, createdAt: JUST_SINCE };

  it("A delegation counts of this person to the same one, for the same times, since the call left", async () => {
    const list = (one: object) => () => ({ delegations: [one] });
    expect(await proves("createDelegation", made.by, list(made))).toBe(true);
    // A change of access.yaml has the end come earlier.
    const sooner = { ...made, until: "2026-11-25T10:00:00.000Z" };
    expect(await proves("createDelegation", made.by, list(sooner))).toBe(true);
    for (const other of [
      { by: "carol" },
      { to: "mallory" },
      { from: BEFORE, createdAt: BEFORE },
      { from: "2026-11-25T10:00:00.000Z" },
      { until: "2026-11-27T10:00:00.000Z" },
    ])
      expect(await proves("createDelegation", made.by, list({ ...made, ...other }))).toBe(false);
  });

  it("An end counts once that very delegation is not listed, and only where it was read before", async () => {
    const list =
      (...delegations: readonly object[]) =>
      () => ({ delegations });
    const sent = SAMPLES.endDelegation.sent;
    const other = { ...made, id: idOf(8) };
    expect(await traced("endDelegation", "bob", list(other))).toMatchObject({
      proven: sent.before,
    });
    expect(await proves("endDelegation", "bob", list(other, { ...made, id: sent.subject }))).toBe(
      false,
    );
  });
});

describe("A change of a stop", () => {
  const both = { ...ALICE, drain: EVERYONE.drain };
  const erin = {
    suspended: ALICE.suspended.map((one) => ({ ...one, person: "erin" })),
    drain: null,
  };
  const mallorys = {
    suspended: ALICE.suspended.map((one) => ({ ...one, by: "mallory" })),
    drain: both.drain && { ...both.drain, by: "mallory" },
  };

  it("A suspension counts of that person and a drain of everyone, each by this admin", async () => {
    const stops = [NOBODY, ALICE, EVERYONE, both, erin, mallorys];
    const counting = async (name: ChangeName) => {
      const all = await Promise.all(stops.map((each) => proves(name, "carol", () => each)));
      return stops.filter((_, at) => all[at]);
    };
    expect(await counting("suspendPerson")).toEqual([ALICE, both]);
    expect(await counting("drain")).toEqual([EVERYONE, both]);
    expect(await counting("liftSuspension")).toEqual([NOBODY, EVERYONE, erin]);
    expect(await counting("liftDrain")).toEqual([NOBODY, ALICE, erin]);
  });
});

describe("A note on a finding", () => {
  const finding = acknowledged();
  const [entry] = finding.acknowledgements;
  const actor = entry?.actor ?? "";
  const noted = (changes: object) => ({
    ...finding,
    acknowledgements: [{ ...entry, note: "CHG-1", at: JUST_SINCE, ...changes }],
  });
  const list = (one: object) => () => ({ findings: [one], to: LISTED_TO });

  it("It counts on that finding, of this person, with these words, since the call left", async () => {
    expect(await proves("acknowledgeFinding", actor, list(noted({})))).toBe(true);
    const other = { ...noted({}), findingId: "another" };
    for (const one of [
      noted({ actor: "mallory" }),
      noted({ note: "x" }),
      noted({ at: BEFORE }),
      other,
    ])
      expect(await proves("acknowledgeFinding", actor, list(one))).toBe(false);
  });

  it("It is looked for where the finding was recorded, and not where that is not known", async () => {
    const { calls } = await traced("acknowledgeFinding", actor, list(noted({})));
    const from = found().recordedAt;
    const to = new Date(Date.parse(from) + 1_000).toISOString();
    expect(calls[0]?.query).toMatchObject({ view: "all", from, to });
    const { before: _, ...unread } = SAMPLES.acknowledgeFinding.sent;
    const api = fakeApi(list(noted({})));
    const look = { api, who: person(actor), since: SINCE };
    expect(await CHANGES.acknowledgeFinding.trace(look, unread)).toBeUndefined();
    expect(api.calls).toEqual([]);
  });
});
