/** Lists of people are read whole, page by page, or not at all. */
import { describe, expect, it } from "vitest";
import { jiraOperationsHeaders } from "../../../shared/outside/jira-operations.ts";
import { outsideClient } from "../../../shared/outside/outside-client.ts";
import { pagerdutyHeaders } from "../../../shared/outside/pagerduty.ts";
import {
  incidentIoUsers,
  jiraUsers,
  pagerdutyUsers,
  serviceNowUsers,
} from "../../../shared/outside/users/service-users.ts";

const NOW = "2026-12-01T02:00:00.000Z";

/** A client of a service that answers these bodies, one after the other, and what it was asked. */
function clientOf(
  bodies: readonly unknown[],
  headers: (token: string) => Readonly<Record<string, string>> = pagerdutyHeaders,
) {
  const asked: string[] = [];
  const client = outsideClient({
    baseUrl: "https://service.example",
    token: { read: async () => "token", forget: () => undefined },
    headers,
    clock: { now: () => NOW },
    fetch: async (url) => {
      asked.push(decodeURIComponent(String(url).replace("https://service.example", "")));
      const body = bodies[asked.length - 1];
      return typeof body === "number"
        ? new Response("{}", { status: body })
        : Response.json(body, { headers: { date: new Date(NOW).toUTCString() } });
    },
  });
  return { client, asked };
}

describe("A list of people of a service", () => {
  it("PagerDuty's is read until it says that there are no more", async () => {
    const { client, asked } = clientOf([
      { users: [{ id: "PCAROL1", email: "carol@example.com" }], more: true },
      { users: [{ id: "PDAVE01", email: "" }], more: false },
    ]);
    expect(await pagerdutyUsers(client)).toEqual([
      { id: "PCAROL1", email: "carol@example.com" },
      { id: "PDAVE01", email: undefined },
    ]);
    expect(asked).toEqual(["/users?limit=100&offset=0", "/users?limit=100&offset=1"]);
  });

  it("incident.io's goes on at its cursor, and may hide e-mail addresses", async () => {
    const { client, asked } = clientOf([
      { users: [{ id: "01A", email: "a@example.com" }], pagination_meta: { after: "01A" } },
      { users: [{ id: "01B" }], pagination_meta: { page_size: 100 } },
    ]);
    expect(await incidentIoUsers(client)).toEqual([
      { id: "01A", email: "a@example.com" },
      { id: "01B", email: undefined },
    ]);
    expect(asked).toEqual(["/v2/users?page_size=100", "/v2/users?page_size=100&after=01A"]);
  });

  it("Jira's is read to an empty page, without apps and inactive accounts", async () => {
    const user = { accountId: "5b1", accountType: "atlassian", active: true };
    const { client, asked } = clientOf(
      [
        [
          { ...user, emailAddress: "a@example.com" },
          { ...user, accountId: "5b2", active: false },
          { ...user, accountId: "5b3", accountType: "app" },
        ],
        [],
      ],
      jiraOperationsHeaders,
    );
    expect(await jiraUsers(client)).toEqual([{ id: "5b1", email: "a@example.com" }]);
    expect(asked[1]).toBe("/rest/api/3/users/search?startAt=100&maxResults=100");
  });

  it("ServiceNow's is read without inactive people, whatever its query part does", async () => {
    const row = (id: string, active: string) => ({
      sys_id: id,
      email: `${id}@example.com`,
      active,
    });
    const { client } = clientOf([{ result: [row("a1", "true"), row("a2", "false")] }]);
    expect(await serviceNowUsers(client)).toEqual([{ id: "a1", email: "a1@example.com" }]);
  });

  it.each([
    ["a refused token", [401, 401], "token-refused"],
    ["a token that may not", [403], "forbidden"],
    ["a second page that fails", [{ users: [{ id: "P1" }], more: true }, 500], "failing"],
    ["a list of another form", [{ people: [] }], "odd"],
    ["somebody without an id", [{ users: [{ email: "a@example.com" }] }], "odd"],
  ])("Nothing is read of %s", async (_, bodies, why) => {
    await expect(pagerdutyUsers(clientOf(bodies).client)).rejects.toMatchObject({ why });
  });
});
