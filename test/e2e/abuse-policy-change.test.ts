/**
 * Policies that change while requests are under way, and starts that come too late: one sandbox,
 * started with one access file, stopped, and started with another on the same state. A refused call
 * says so with its code, changes no access, and puts nothing of the caller's input into a log.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type AbuseSandbox, newFolder, objections, startAbuseSandbox } from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";
import { sampleAccess } from "./sample-access.ts";
import { profileKeys } from "./sandbox-process.ts";

const CANARY = `canary${randomUUID().slice(0, 8)}`;
const REASON = `INC-4711 ${CANARY} stuck rollout`;

const dir = newFolder();

interface Change {
  readonly leads: readonly string[];
  readonly namespaces: readonly string[];
  /** Whether there is a rule `payments-also`, which lends the same. */
  readonly also: boolean;
  /** People who are not in the file at all. */
  readonly gone: readonly string[];
}

/** The sample with another people of leads; heidi's role is held by bob too. */
const accessFile = ({ leads, namespaces, also, gone }: Change) =>
  sampleAccess((file) => {
    for (const [person, member] of Object.entries<{ groups?: readonly string[] }>(file.people)) {
      const kept = (member.groups ?? []).filter((group) => group !== "payments-leads");
      // Heidi is an engineer of payments here.
      const others = person === "heidi" ? ["payments"] : kept;
      member.groups = leads.includes(person) ? [...others, "payments-leads"] : others;
    }
    Object.assign(file.people.bob, {
      principal: "personal",
      principals: file.people.heidi.principals,
    });
    // Carol reads histories with their proof, so that their chains can be verified.
    file.roles.auditors.push("platform");
    for (const person of gone) delete file.people[person];
    for (const rule of file.rules) Object.assign(rule, { sharedPrincipals: true });
    const edit = file.rules.find((rule: { name: string }) => rule.name === "payments-edit");
    edit.access.namespaces = namespaces;
    if (also) file.rules.push({ ...edit, name: "payments-also" });
  });

const BEFORE: Change = {
  leads: ["bob", "carol", "dave", "mallory"],
  namespaces: ["payments-*"],
  also: true,
  gone: [],
};
/**
 * Carol was a lead and is still an admin, bob has no right left, and dave has left the file. The
 * rule lends less, and the other rule is gone.
 */
const AFTER: Change = {
  leads: ["mallory"],
  namespaces: ["payments-a*"],
  also: false,
  gone: ["dave"],
};

let sandbox: AbuseSandbox;
beforeAll(async () => {
  sandbox = await startAbuseSandbox(dir, accessFile(BEFORE));
});
afterAll(async () => {
  await sandbox.stop();
});

const person = (name: string) => sandbox.person(name);
const heidi = () => person("heidi");
const asked = (namespace: string, over: Readonly<Record<string, unknown>> = {}) =>
  heidi().ask({ access: editIn(namespace), reason: REASON, ...over });
const decide = (by: string, { id, digest }: RequestAnswer, verdict = "approve") =>
  person(by).post(`/v1/requests/${id}/decision`, { verdict, digest });
const present = async ({ id }: RequestAnswer) => (await heidi().get(`/v1/requests/${id}`)).body;

/** That a request failed for this reason, with it in its audit trail, whose chain holds. */
async function expectFailed(request: RequestAnswer, code: string) {
  const failed = await heidi().until(request, ["failed", "active", "ended"]);
  expect(failed).toMatchObject({ state: "failed", effectiveAt: null, outcome: { code } });
  const { events } = (await person("carol").get(`/v1/requests/${request.id}/events`)).body;
  expect(events.at(-1)).toMatchObject({ type: "refuse", details: { code } });
  expect(verifyChains(events)).toEqual([]);
}

/** Pending from before the change on. */
const pending: Record<"shown" | "narrowed" | "halfway", RequestAnswer> = {} as never;
/** Approved before the change, to start when it is in force. */
const coming: Record<"narrowed" | "ruleless" | "unapproved", RequestAnswer> = {} as never;

describe("Before the policy changes", () => {
  it("An approver who holds the principal can neither approve nor deny", async () => {
    pending.shown = await asked("payments-api");
    for (const verdict of ["approve", "deny"]) {
      const answer = await decide("bob", pending.shown, verdict);
      await sandbox.expectRefused(answer, "forbidden", "bob");
      expect(answer.body.detail).toContain("role/people/heidi");
    }
    expect(stored(await present(pending.shown))).toEqual(stored(pending.shown));
    expect(sandbox.eksChanges()).toEqual([]);
  });

  it("Every lead sees the requests that they could decide on, one of them approved once", async () => {
    for (const lead of BEFORE.leads) {
      const { requests } = (await person(lead).get("/v1/requests?view=to-approve")).body;
      expect({ lead, shown: requests.map(({ id }: RequestAnswer) => id) }).toEqual({
        lead,
        // Bob holds the principal.
        shown: lead === "bob" ? [] : [pending.shown.id],
      });
      expect((await person(lead).get(`/v1/requests/${pending.shown.id}`)).body).toEqual(
        pending.shown,
      );
    }
    const access = { policy: "AmazonEKSAdminPolicy", scope: editIn("payments-api").scope };
    pending.halfway = await person("dave").approve(await asked("", { access }));
    expect(pending.halfway).toMatchObject({ state: "pending", approvals: [{ person: "dave" }] });
  });

  it("A grant that cannot start in time fails, and no access is added without its schedule", async () => {
    const request = await asked("payments-late", { duration: "15s" });
    // Revocation is armed 5 s after the approval, rounded down to the second; 2 s before that is
    // too late. Converge is woken between the two.
    const late = { kind: "delay", service: "sqs", operation: "SendMessage", milliseconds: 3_100 };
    await sandbox.spoil(late);
    await pause(1_000 - (Date.now() % 1_000));
    const approved = await person("mallory").approve(request);
    expect(approved.revokeAt && approved.expiresAt).toEqual(expect.any(String));
    await sandbox.clearFaults();
    await expectFailed(request, "too-late");
    expect(sandbox.eksChanges()).toEqual([]);
  });

  it("Before the policy changes, some requests are pending and some are approved for later", async () => {
    pending.narrowed = await asked("payments-worker");
    const later = { startsAt: new Date(Date.now() + 10_000).toISOString(), duration: "5m" };
    coming.narrowed = await asked("payments-batch", later);
    coming.ruleless = await asked("payments-admin", { ...later, rule: "payments-also" });
    coming.unapproved = await asked("payments-audit", later);
    await person("mallory").approve(coming.narrowed);
    await person("mallory").approve(coming.ruleless);
    await person("carol").approve(coming.unapproved);
    await sandbox.stop();
    expect(sandbox.eksChanges()).toEqual([]);
  });
});

/** The stored part of a request. Today's policy decides who can still approve it. */
const stored = ({ needs: _needs, ...request }: RequestAnswer) => request;

describe("After the policy changed", () => {
  beforeAll(async () => {
    sandbox = await startAbuseSandbox(dir, accessFile(AFTER));
  });

  it.each([
    ["who left the group, and may read it still", "carol", "forbidden", "carol"],
    ["who left the group, and may not even read it now", "bob", "request-not-found", "bob"],
  ] as const)(
    "An approver %s can neither approve nor deny, whatever they were shown",
    async (_, by, code, detail) => {
      for (const verdict of ["approve", "deny"])
        await sandbox.expectRefused(await decide(by, pending.shown, verdict), code, detail);
      const { requests = [] } = (await person(by).get("/v1/requests?view=to-approve")).body;
      expect(requests.map(({ id }: RequestAnswer) => id)).not.toContain(pending.shown.id);
      expect(stored(await present(pending.shown))).toEqual(stored(pending.shown));
    },
  );

  it("An approver who is gone altogether has no role of their own to decide with", async () => {
    for (const verdict of ["approve", "deny"])
      expect(await decide("dave", pending.shown, verdict)).toMatchObject({
        status: 403,
        body: { message: "Forbidden" },
      });
    expect(stored(await present(pending.shown))).toEqual(stored(pending.shown));
  });

  it("An approval by somebody who left the policy no longer counts", async () => {
    const approved = await person("carol").approve(pending.halfway);
    expect(approved).toMatchObject({
      state: "pending",
      approvals: [{ person: "dave" }, { person: "carol" }],
    });
    const cancelled = await heidi().post(`/v1/requests/${approved.id}/cancel`, {});
    expect(cancelled).toMatchObject({ status: 200, body: { state: "cancelled" } });
  });

  it("A request that no rule allows any more can be denied but not approved", async () => {
    const answer = await decide("mallory", pending.narrowed);
    await sandbox.expectRefused(answer, "policy-denied", "mallory");
    expect(answer.body.detail).toContain("payments-a*");
    expect(stored(await present(pending.narrowed))).toEqual(stored(pending.narrowed));
    const denied = await decide("mallory", pending.narrowed, "deny");
    expect(denied).toMatchObject({ status: 200, body: { state: "denied" } });
    const again = await heidi().post("/v1/requests", {
      cluster: "prod",
      access: editIn("payments-worker"),
      reason: REASON,
    });
    await sandbox.expectRefused(again, "policy-denied", "heidi");
    expect(objections(again)).toContain("other-access");
  });

  it.each([
    ["narrowed", "other-access", "its rule lends less"],
    ["ruleless", "unknown-rule", "its rule is gone"],
    ["unapproved", "not-approved", "its approver left the group"],
  ] as const)(
    "A request that is %s under the new policy does not start: %s, since %s",
    async (which, code, _why) => {
      await expectFailed(coming[which], code);
    },
  );

  it("No call to EKS changes anything until the new policy allows a grant", async () => {
    expect(sandbox.eksChanges()).toEqual([]);
    await person("mallory").approve(pending.shown);
    await heidi().until(pending.shown, ["active"]);
    expect(sandbox.eksChanges()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("No function's log contains a reason or a signature, and no log a key or a token", () => {
    const { secretAccessKey, sessionToken } = profileKeys(sandbox, "heidi");
    const logged = sandbox.functionLogs();
    expect(logged.filter((line) => line.includes('"refused"')).length).toBeGreaterThan(5);
    for (const secret of [CANARY, "stuck rollout", "Signature="])
      expect(logged.filter((line) => line.includes(secret))).toEqual([]);
    expect(logged.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
    for (const secret of [secretAccessKey, sessionToken])
      expect(sandbox.everyLog().filter((line) => line.includes(secret))).toEqual([]);
  });
});
