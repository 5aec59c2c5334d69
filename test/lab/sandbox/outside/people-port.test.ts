/** The lists of people of the emulated services, read by the product's own readers. */
import { describe, expect, it } from "vitest";
import {
  clientAt,
  GITHUB,
  type ReadSetting,
  userPlaces,
  usersOf,
} from "../../../../cli/people/service-lists.ts";
import {
  initialPeople,
  type KnownPerson,
  withPerson,
} from "../../../../lab/sandbox/outside/people.ts";
import type { OnCallSchedule } from "../../../../shared/domain/facts/on-call-schedule.ts";
import type { Tracker } from "../../../../shared/domain/facts/tracker.ts";
import { NOW, startOutside, TOKENS } from "./outside-fixture.ts";

const CLOUD = "11223344-a1b2-3b33-c444-def123456789";
const PAGERDUTY: OnCallSchedule = { service: "pagerduty", schedule: "PI7DH85", region: "us" };
const INCIDENT_IO: OnCallSchedule = {
  service: "incidentIo",
  schedule: "01HZX3Q7K5M8N2P4R6S9T0V1W2",
};
const OPERATIONS: OnCallSchedule = { service: "jiraOperations", cloudId: CLOUD, schedule: "22" };
const JIRA: Tracker = { service: "jira", site: "example.atlassian.net", projects: ["PAY"] };
const SERVICE_NOW: Tracker = { service: "serviceNow", instance: "example" };

const ENV = {
  TIMELATCH_PAGERDUTY_TOKEN: TOKENS.pagerduty,
  TIMELATCH_INCIDENT_IO_TOKEN: TOKENS.incidentIo,
  TIMELATCH_JIRA_TOKEN: TOKENS.jira,
  TIMELATCH_SERVICE_NOW_TOKEN: TOKENS.serviceNow,
  TIMELATCH_GITHUB_TOKEN: TOKENS.github,
};

/** The emulated services with these people, and what the product reads there. */
async function withPeople(people: readonly object[]) {
  const { url, store, sandbox } = await startOutside();
  store.change((state) =>
    Object.assign(state, {
      people: people.reduce<readonly KnownPerson[]>(withPerson, initialPeople()),
    }),
  );
  const setting = (over: ReadSetting["env"] = {}): ReadSetting => ({
    env: { ...ENV, TIMELATCH_OUTSIDE_ORIGIN: `${url}/`, ...over },
    ...{ now: () => NOW, fetch },
  });
  const read = async (named: Parameters<typeof userPlaces>[0], over: ReadSetting["env"] = {}) => {
    const [place] = userPlaces(named);
    if (!place) throw new Error("No service of these has a list.");
    return usersOf(place, setting(over));
  };
  return { read, sandbox, setting };
}

const crowd = (service: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    service,
    id: `P${1_000 + n}`,
    email: `${n}@example.com`,
  }));

describe("the people of the emulated services", () => {
  it.each([
    ["PagerDuty", "pagerduty", { schedules: { a: PAGERDUTY } }, 203],
    ["incident.io", "incidentIo", { schedules: { a: INCIDENT_IO } }, 201],
    ["Jira", "jira", { tickets: { a: JIRA } }, 201],
    ["ServiceNow", "serviceNow", { tickets: { a: SERVICE_NOW } }, 201],
  ])("Those of %s are read over several pages, each once", async (_, service, named, count) => {
    const { read } = await withPeople(crowd(service, 201));
    const users = await read(named);
    expect(new Set(users.map(({ id }) => id)).size).toBe(count);
    expect(users.length).toBe(count);
    expect(users).toContainEqual({ id: "P1200", email: "200@example.com" });
  });

  it("Those of Jira are read by the id of its site too, where only a schedule names it", async () => {
    const { read, sandbox } = await withPeople([
      { service: "jira", id: "5b10a1", email: "a@example.com" },
    ]);
    await sandbox("POST", "on-call", {
      ...{ service: "jiraOperations", schedule: "22", cloudId: CLOUD, shifts: [] },
    });
    expect(await read({ schedules: { night: OPERATIONS } })).toEqual([
      { id: "5b10a1", email: "a@example.com" },
    ]);
    expect((await sandbox("GET", "calls")).body).toContainEqual(
      expect.objectContaining({ path: `/ex/jira/${CLOUD}/rest/api/3/users/search`, status: 200 }),
    );
  });

  it("A hidden e-mail address is not there, and an inactive account is no person", async () => {
    const { read } = await withPeople([
      { service: "jira", id: "5b10a1" },
      { service: "jira", id: "5b10a2", email: "b@example.com", active: false },
      { service: "jira", id: "5b10a3", email: "c@example.com", accountType: "app" },
      { service: "serviceNow", id: "46d44a23", active: false },
    ]);
    expect(await read({ tickets: { a: JIRA } })).toEqual([{ id: "5b10a1", email: undefined }]);
    expect(await read({ tickets: { a: SERVICE_NOW } })).toEqual([]);
  });

  it.each([
    ["PagerDuty", { schedules: { a: PAGERDUTY } }, "TIMELATCH_PAGERDUTY_TOKEN"],
    ["incident.io", { schedules: { a: INCIDENT_IO } }, "TIMELATCH_INCIDENT_IO_TOKEN"],
    ["Jira", { tickets: { a: JIRA } }, "TIMELATCH_JIRA_TOKEN"],
    ["ServiceNow", { tickets: { a: SERVICE_NOW } }, "TIMELATCH_SERVICE_NOW_TOKEN"],
  ])("Nobody of %s is read with another token", async (_, named, variable) => {
    const { read } = await withPeople([]);
    await expect(read(named, { [variable]: "a:b" })).rejects.toMatchObject({
      message: expect.stringContaining("it does not take the token"),
    });
  });

  it("GitHub knows people by their ids, and lists nobody", async () => {
    const { setting } = await withPeople([{ service: "github", id: "583231" }]);
    const github = clientAt(GITHUB, setting());
    expect(await github.get("/user/583231", [])).toMatchObject({ status: 200 });
    expect(await github.get("/user/1", [])).toMatchObject({ status: 404 });
  });

  it("A project and a repository are there once they have a ticket", async () => {
    const { setting, sandbox } = await withPeople([]);
    const github = clientAt(GITHUB, setting());
    const [place] = userPlaces({ tickets: { a: JIRA } });
    const jira = clientAt(place ?? GITHUB, setting());
    const statuses = async () => [
      (await jira.get("/rest/api/3/project/PAY", [])).status,
      (await github.get("/repos/octocat/Hello-World", [])).status,
    ];
    expect(await statuses()).toEqual([404, 404]);
    await sandbox("POST", "tickets", { service: "jira", key: "PAY-1", status: "new" });
    const issue = { service: "github", key: "octocat/Hello-World#1", status: "open" };
    await sandbox("POST", "tickets", issue);
    expect(await statuses()).toEqual([200, 200]);
  });

  it("An incident that is read whole has links to its people", async () => {
    const { setting, sandbox } = await withPeople([]);
    await sandbox("POST", "tickets", {
      service: "serviceNow",
      key: "INC0010001",
      status: "1",
      reporter: "46d4",
    });
    const [place] = userPlaces({ tickets: { a: SERVICE_NOW } });
    const client = clientAt(place ?? GITHUB, setting());
    expect(await client.get("/api/now/table/incident", [["sysparm_limit", "1"]])).toMatchObject({
      body: { result: [{ number: "INC0010001", opened_by: { value: "46d4" }, assigned_to: "" }] },
    });
  });

  it.each([
    ["POST", "api.pagerduty.com/users"],
    ["GET", "api.pagerduty.com/users?query=carol"],
    ["GET", "api.pagerduty.com/users?limit=101"],
    ["GET", "api.pagerduty.com/users/PCAROL1"],
    ["GET", "api.incident.io/v2/users/01A"],
    ["GET", "example.atlassian.net/rest/api/3/user?accountId=1"],
    ["GET", "example.service-now.com/api/now/table/sys_user?sysparm_query=active=true"],
    ["GET", "api.github.com/users/octocat"],
  ])("What is not emulated is refused by name: %s %s", async (method, path) => {
    const { url } = await startOutside();
    const basic = (token: string) => `Basic ${Buffer.from(token).toString("base64")}`;
    const authorizations = {
      "api.pagerduty.com": `Token token=${TOKENS.pagerduty}`,
      "api.incident.io": `Bearer ${TOKENS.incidentIo}`,
      "example.atlassian.net": basic(TOKENS.jira),
      "example.service-now.com": basic(TOKENS.serviceNow),
      "api.github.com": `Bearer ${TOKENS.github}`,
    };
    const [host = ""] = path.split("/");
    const authorization = Object.entries(authorizations).find(([name]) => name === host)?.[1] ?? "";
    const accept = "application/vnd.pagerduty+json;version=2";
    const response = await fetch(`${url}/${path}`, { method, headers: { authorization, accept } });
    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({ message: expect.stringContaining("sandbox") });
  });

  it.each([
    [{ service: "pagerduty", id: "P1", email: "a@example.com" }, 200],
    [{ service: "opsgenie", id: "P1" }, 400],
    [{ service: "jira", id: "a b" }, 400],
    [{ service: "jira", id: "5b", active: "no" }, 400],
    [{ service: "jira", id: "5b", accountType: "robot" }, 400],
    [{ service: "jira", id: "5b", colour: "blue" }, 400],
  ])("/_sandbox/people takes %j with %d", async (body, status) => {
    const { sandbox } = await startOutside();
    expect((await sandbox("POST", "people", body)).status).toBe(status);
    expect((await sandbox("DELETE", "people")).body).toMatchObject({
      people: [{ id: "PCAROL1" }, { id: "PDAVE01" }],
    });
  });
});
