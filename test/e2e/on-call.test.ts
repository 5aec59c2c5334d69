/**
 * Carol is woken at night: she is on call in PagerDuty, gets in without waking anybody, and her access is over with
 * her shift. Where nobody knows who is on call, no glass breaks by itself, and everybody else works on.
 */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { type AbuseSandbox, startAbuseSandbox } from "./abuse-sandbox.ts";
import { associatedPolicies, policyArn } from "./associated-policies.ts";
import { startBrowser } from "./browser.ts";
import { commandFolder } from "./bundled-command.ts";
import { expectAccessible, show } from "./console-page.ts";
import { startConsoleTerminal } from "./console-terminal.ts";
import { eventually } from "./eventually.ts";
import { awsJson, runAs, timelatch } from "./real-clients.ts";
import { sampleAccess } from "./sample-access.ts";
import { profileEnvironment } from "./sandbox-process.ts";

const SHIFT_SECONDS = 75;
const ALICE_IN_JIRA = "5b10ac8d82e05b22cc7d4ef5";
const ALICE_IN_SERVICE_NOW = "46d44a23a9fe19810012d100cca80666";
const BOB_IN_INCIDENT_IO = "01HZX3Q7K5M8N2P4R6S9T0V1W3";
const BOB_IN_SERVICE_NOW = "46d44a23a9fe19810012d100cca80b0b";

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
    ...{ name: "ticket-approved", who: { people: ["alice"] }, clusters: ["prod"] },
    access: { policies: ["AmazonEKSAdminViewPolicy"], namespaces: ["payments-*"] },
    ...{ duration: { max: "1h" }, approval: [{ groups: ["payments-leads"] }] },
    reason: { ticket: { in: "payments", assignee: "requester" } },
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

const isRead = ({ path: at, status }: { path: string; status: number }) =>
  at === "/v3/schedules/PI7DH85" && status === 200;

const asked = (over: object = {}) =>
  sandbox.person("carol").post("/v1/requests", {
    ...{ cluster: "prod", reason: "INC-4711 the rollout is stuck", duration: "1h" },
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    ...over,
  });

describe("The services that a policy names", () => {
  const CLOUD = "11223344-a1b2-3b33-c444-def123456789";
  /** A policy of all services, with ids of a few people. */
  const wide = sampleAccess((file) => {
    file.schedules = {
      primary: { pagerduty: { schedule: "PI7DH85" } },
      platform: { incidentIo: { schedule: "01HZX3Q7K5M8N2P4R6S9T0V1W2" } },
      night: { jiraOperations: { cloudId: CLOUD, schedule: CLOUD } },
    };
    file.tickets = {
      payments: { jira: { site: "example.atlassian.net", projects: ["PAY", "OPS"] } },
      incidents: { serviceNow: { instance: "example" } },
      issues: { github: { owner: "octocat", repository: "Hello-World" } },
    };
    file.people.dave.outside = { pagerduty: "PDAVE01", github: 583_231 };
    file.people.alice.outside = { atlassian: "5b10who-left", serviceNow: ALICE_IN_SERVICE_NOW };
  });
  const asCarol = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    runAs(sandbox, "carol", path.join(commandFolder(), "timelatch"), args, { env });
  const parameter = (name: string) => `/timelatch/outside/${name}`;
  /** The tokens that the emulated services take, in the command's variables. */
  const tokens = async () => {
    const names = ["pagerduty", "incident-io", "jira", "service-now", "github"];
    const read = names.map(async (name) => {
      const { Parameter } = await awsJson(
        ...([sandbox, "admin", "ssm", "get-parameter", "--with-decryption"] as const),
        ...["--name", parameter(name)],
      );
      return [`TIMELATCH_${name.replaceAll("-", "_").toUpperCase()}_TOKEN`, Parameter.Value];
    });
    return Object.fromEntries(await Promise.all(read));
  };

  it("People are matched by e-mail address, and what is not there is found, over the services' own protocols", async () => {
    await set("on-call", {
      service: "jiraOperations",
      schedule: CLOUD,
      cloudId: CLOUD,
      shifts: [],
    });
    for (const person of [
      { service: "incidentIo", id: BOB_IN_INCIDENT_IO, email: "Bob@example.com" },
      { service: "jira", id: ALICE_IN_JIRA, email: "alice@example.com" },
      { service: "jira", id: "5b10bob", email: "bob@example.com" },
      { service: "jira", id: "5b10bob2", email: "bob@example.com" },
      { service: "jira", id: "5b10carol" },
      { service: "serviceNow", id: ALICE_IN_SERVICE_NOW, email: "alice@example.com" },
      { service: "serviceNow", id: BOB_IN_SERVICE_NOW, email: "bob@example.com" },
      { service: "github", id: "583231" },
    ])
      await set("people", person);
    await set("tickets", { service: "jira", key: "PAY-9", status: "new" });
    await set("tickets", { service: "github", key: "octocat/Hello-World#1", status: "open" });
    const env = await tokens();
    const matched = await asCarol(["people", "match", wide, "--json"], env);
    expect(matched.stderr).not.toContain("was not read");
    expect(JSON.parse(matched.stdout)).toMatchObject({
      proposals: [
        { person: "carol", service: "pagerduty", id: "PCAROL1" },
        { person: "bob", service: "incidentIo", id: BOB_IN_INCIDENT_IO },
        { person: "bob", service: "serviceNow", id: BOB_IN_SERVICE_NOW },
      ],
      differing: [{ person: "alice", service: "atlassian", id: ALICE_IN_JIRA }],
      unread: [],
    });
    const { leftOut } = JSON.parse(matched.stdout);
    expect(leftOut).toContainEqual({ person: "bob", service: "atlassian", why: "several-there" });
    expect(leftOut).toContainEqual({ person: "carol", service: "atlassian", why: "not-found" });

    const checked = await asCarol(["policy", "check", wide, "--live", "--json"], env);
    const { findings }: { findings: readonly { code: string; path: string }[] } = JSON.parse(
      checked.stdout,
    );
    const live = findings.filter(({ code }) => /-there$|^service-/.test(code));
    expect(live.map(({ code, path: at }) => [code, at]).sort()).toEqual([
      ["id-not-there", "people.alice.outside.atlassian"],
      ["schedule-not-there", "schedules.platform"],
      ["tracker-not-there", "tickets.payments"],
    ]);
  }, 240_000);

  it("In place of a key the token may be an app's, as which all that follows is asked", async () => {
    const app = { client_id: "timelatch", client_secret: "app-secret", subdomain: "acme" };
    await awsJson(
      ...([sandbox, "admin", "ssm", "put-parameter", "--overwrite"] as const),
      ...["--type", "SecureString", "--name", parameter("pagerduty")],
      ...["--value", JSON.stringify(app)],
    );
    const calls = async () =>
      (await (await fetch(`${sandbox.outsideUrl}/_sandbox/calls`)).json()) as {
        path: string;
        status: number;
      }[];
    const isGot = ({ path: at, status }: { path: string; status: number }) =>
      at === "/oauth/token" && status === 200;
    await eventually(
      calls,
      (made) => made.some(isGot) && made.slice(made.findIndex(isGot)).some(isRead),
      60,
    );
  }, 240_000);
});

describe("Whoever is on call", () => {
  it("Carol gets in without an approver, her access ends with her shift, and then she does not", async () => {
    const handover = new Date(Date.now() + SHIFT_SECONDS * 1_000).toISOString();
    await set("on-call", {
      schedule: "PI7DH85",
      shifts: [
        { person: "PCAROL1", seconds: SHIFT_SECONDS },
        ...["PDAVE01", "PNEW001"].map((person) => ({ person, start: handover })),
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
    const shown = await timelatch(sandbox, "carol", "on-call");
    expect(shown.stdout).toMatch(/^primary +dave +.+left\).* ago$/m);
    expect(shown.stdout).toMatch(/^primary +PNEW001, an id of nobody in access.yaml +.* ago$/m);
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

  it("The console's form asks for it, and the request's page shows its title and state", async () => {
    await ticket("PAY-3", "new");
    const browser = await startBrowser();
    const terminal = await startConsoleTerminal(profileEnvironment(sandbox, "alice"));
    const page = await browser.open(`${terminal.address}/`);
    await terminal.letIn(page);
    await show(page, "ask", "Ask for access");
    const choose = async (field: RegExp, option: string) => {
      await page.getByRole("button", { name: field }).click();
      await page.getByRole("option", { name: option }).click();
    };
    await choose(/^Cluster/, "prod");
    await choose(/^Access/, "Edit in namespaces");
    const field = page.getByRole("textbox", { name: "Ticket" });
    expect(await field.count()).toBe(0);
    await choose(/^Access/, "Admin view in namespaces");
    await page.getByRole("textbox", { name: "Namespaces" }).fill("payments-api");
    await page.getByRole("textbox", { name: "Why" }).fill("the rollout is stuck");
    await page.getByText("Not allowed", { exact: true }).waitFor();
    await page
      .getByText("ticket-approved: one of payments, which is open or in-progress")
      .waitFor();
    await field.fill("PAY-3");
    await page.getByText(/PAY-3: its tracker is asked whether it is open/).waitFor();
    await expectAccessible(page, "the form with a ticket");
    await page.getByRole("button", { name: /^Ask for admin view in payments-api/ }).click();
    await page
      .getByText(/^PAY-3\. It is as the rule asks\..+it is open: "Payments time out"$/)
      .waitFor();
    expect(browser.errors()).toEqual([]);
    await browser.close();
    await terminal.stop();
  }, 240_000);

  it("While every service is dead it is unknown, and what other rules allow is lent all the same", async () => {
    await ticket("PAY-2", "new");
    await set("faults", { kind: "drop" });
    const waiting = await askedFor("PAY-2");
    const known = async () =>
      (await sandbox.person("alice").get(`/v1/requests/${waiting.id}`)).body;
    await eventually(known, ({ ticketIs }) => /does not answer/.test(ticketIs.detail), 60);
    const request = await sandbox.person("alice").ask({ reason: "INC-4711 alice works on, again" });
    expect(request).toMatchObject({ rule: "payments-edit", state: "pending" });
    await sandbox.person("bob").approve(request);
    await sandbox.person("alice").until(request, ["active", "ended"], 90);
    expect(await known()).toMatchObject({ state: "pending", ticketIs: { is: "unknown" } });
  }, 240_000);
});

const lasts = ({ people }: { people: readonly { until: string }[] }) =>
  secondsBetween(new Date().toISOString(), people[0]?.until ?? "");
