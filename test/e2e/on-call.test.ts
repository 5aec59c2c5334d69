/**
 * Carol is woken at night: she is on call in PagerDuty, gets in without waking anybody, and her access is over with
 * her shift. Where nobody knows who is on call, no glass breaks by itself, and everybody else works on.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { type AbuseSandbox, startAbuseSandbox } from "./abuse-sandbox.ts";
import { associatedPolicies, policyArn } from "./associated-policies.ts";
import { eventually } from "./eventually.ts";
import { sampleAccess } from "./sample-access.ts";

const SHIFT_SECONDS = 75;
const ALICE_IN_JIRA = "5b10ac8d82e05b22cc7d4ef5";

const access = sampleAccess((file) => {
  file.schedules = { primary: { pagerduty: { schedule: "PI7DH85" } } };
  file.people.carol.outside = { pagerduty: "PCAROL1" };
  file.people.dave.outside = { pagerduty: "PDAVE01" };
  file.tickets = { payments: { jira: { site: "example.atlassian.net", projects: ["PAY"] } } };
  file.people.alice.outside = { atlassian: ALICE_IN_JIRA };
  const edit = file.rules.find(({ name }: { name: string }) => name === "payments-edit");
  file.rules.unshift({
    ...{ name: "on-call-prod", who: { groups: ["sre"], onCall: "primary" }, clusters: ["prod"] },
    ...{ access: edit.access, duration: { max: "2h", default: "1h" }, approval: "none" },
    ...{ atMost: { times: 9, per: "1d" }, endsWithShift: true },
  });
  file.rules.push({
    ...{ name: "ticket-view", who: { people: ["alice"] }, clusters: ["prod"] },
    access: { policies: ["AmazonEKSViewPolicy"], namespaces: ["payments-*"] },
    ...{ duration: { max: "1h" }, approval: "none", endsWithTicket: true },
    reason: { ticket: { in: "payments", assignee: "requester" } },
  });
});

let sandbox: AbuseSandbox;
beforeAll(async () => {
  sandbox = await startAbuseSandbox(undefined, access);
});
afterAll(() => sandbox.stop());

const set = async (path: string, body: object) => {
  const url = `${sandbox.outsideUrl}/_sandbox/${path}`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
};

const EDIT = policyArn("AmazonEKSEditPolicy");
const onEntry = () => associatedPolicies(sandbox, "prod", "carol");

/** The schedule, as carol's own rules show it to her. */
const known = async () => (await sandbox.person("carol").get("/v1/access")).body.onCall?.[0];

const asked = (over: object = {}) =>
  sandbox.person("carol").post("/v1/requests", {
    ...{ cluster: "prod", reason: "INC-4711 the rollout is stuck", duration: "1h" },
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    ...over,
  });

describe("Whoever is on call", () => {
  it("Carol gets in without an approver, her access ends with her shift, and then she does not", async () => {
    await set("on-call", {
      schedule: "PI7DH85",
      shifts: [
        { person: "PCAROL1", seconds: SHIFT_SECONDS },
        { person: "PDAVE01", start: new Date(Date.now() + SHIFT_SECONDS * 1_000).toISOString() },
      ],
    });
    await eventually(known, (now) => now?.you === "yes" && lasts(now) <= SHIFT_SECONDS, 40);
    const { status, body: grant } = await asked();
    expect(status).toBe(201);
    expect(grant).toMatchObject({
      ...{ rule: "on-call-prod", state: "approved", breakGlass: false, approvals: [] },
      onCall: { onCall: "primary", person: "PCAROL1", schedule: "pagerduty/us/PI7DH85" },
    });
    expect(grant.expiresAt <= grant.onCall.until).toBe(true);
    await sandbox.person("carol").until(grant, ["active"]);
    expect(await onEntry()).toHaveProperty([EDIT]);
    const ended = await sandbox.person("carol").until(grant, ["ended"], 90);
    expect(ended).toMatchObject({ outcome: { code: "expired" } });
    expect(await onEntry()).not.toHaveProperty([EDIT]);
    await eventually(known, (now) => now?.you === "no", 60);
    expect((await known()).people).toMatchObject([{ person: "dave" }]);
    const refused = await asked({ rule: "on-call-prod" });
    expect(refused).toMatchObject({
      status: 403,
      body: { type: "urn:timelatch:problem:policy-denied" },
    });
    expect(JSON.stringify(refused.body)).toContain("not-on-call");
    const { body } = await sandbox.person("dave").get(`/v1/requests/${grant.id}/events`);
    expect(
      body.events.flatMap(({ type, details }: { type: string; details: { onCall?: object } }) =>
        details.onCall ? [type] : [],
      ),
    ).toEqual(["request", "approve", "activate"]);
  }, 240_000);

  it("While the service refuses the token nothing becomes break-glass by itself, and others work on", async () => {
    await set("faults", { kind: "token", service: "pagerduty" });
    await eventually(known, (now) => now?.you === "unknown", 60);
    const refused = await asked();
    expect(refused).toMatchObject({
      status: 403,
      body: { type: "urn:timelatch:problem:policy-denied" },
    });
    expect(refused.body.detail).toContain("its service does not take our token.");
    expect(refused.body.detail).toContain("nothing becomes break-glass by itself.");
    const request = await sandbox.person("alice").ask({ reason: "INC-4711 alice works on" });
    await sandbox.person("bob").approve(request);
    await sandbox.person("alice").until(request, ["active"]);
  }, 240_000);
});

describe("A rule for a ticket", () => {
  const VIEW = policyArn("AmazonEKSViewPolicy");
  // An entry that Timelatch made is gone with the last of its access.
  const onAlices = async () => (await associatedPolicies(sandbox, "prod", "alice")) ?? {};
  const ticket = (key: string, status: string) =>
    set("tickets", { service: "jira", key, status, assignee: ALICE_IN_JIRA });
  const askedFor = async (key: string) => {
    const { status, body } = await sandbox.person("alice").post("/v1/requests", {
      ...{ cluster: "prod", reason: `${key} the rollout is stuck`, rule: "ticket-view" },
      access: {
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace", namespaces: ["payments-api"] },
      },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: "pending", ticket: key });
    return body;
  };

  it("An open one of alice's lets her in, and once it is closed her access ends", async () => {
    await ticket("PAY-1", "indeterminate");
    const grant = await askedFor("PAY-1");
    await sandbox.person("alice").until(grant, ["active"]);
    expect(await onAlices()).toHaveProperty([VIEW]);
    await ticket("PAY-1", "done");
    const ended = await sandbox.person("alice").until(grant, ["ended"], 90);
    expect(ended).toMatchObject({ outcome: { code: "ticket-closed" } });
    expect(await onAlices()).not.toHaveProperty([VIEW]);
    const { body } = await sandbox.person("alice").get(`/v1/requests/${grant.id}/events`);
    expect(
      body.events.flatMap(
        ({ type, details: { ticket: of } }: { type: string; details: { ticket?: unknown } }) =>
          typeof of === "object" && of !== null ? [[type, (of as { status: string }).status]] : [],
      ),
    ).toEqual([
      ["approve", "in-progress"],
      ["activate", "in-progress"],
      ["withdraw", "done"],
    ]);
  }, 240_000);

  it("One that does not exist opens nothing", async () => {
    const request = await askedFor("PAY-404");
    const refused = await sandbox.person("alice").until(request, ["denied"], 60);
    expect(refused).toMatchObject({ outcome: { code: "ticket-not-found" }, approvals: [] });
    expect(await onAlices()).not.toHaveProperty([VIEW]);
  }, 240_000);

  it("While its tracker is dead it is unknown, and other rules are neither slower nor refused", async () => {
    await ticket("PAY-2", "new");
    await set("faults", { kind: "drop", service: "jira" });
    const waiting = await askedFor("PAY-2");
    const known = async () =>
      (await sandbox.person("alice").get(`/v1/requests/${waiting.id}`)).body;
    await eventually(known, ({ ticketIs }) => /does not answer/.test(ticketIs.detail), 60);
    const request = await sandbox.person("alice").ask({ reason: "INC-4711 alice works on, again" });
    expect(request).toMatchObject({ rule: "payments-edit", state: "pending" });
    expect(await known()).toMatchObject({ state: "pending", ticketIs: { is: "unknown" } });
  }, 240_000);
});

const lasts = ({ people }: { people: readonly { until: string }[] }) =>
  secondsBetween(new Date().toISOString(), people[0]?.until ?? "");
