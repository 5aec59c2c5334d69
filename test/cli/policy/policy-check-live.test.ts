/** `timelatch policy check --live`: whether what a policy names is at its services. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyCheck } from "../../../cli/commands/policy-check.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { type PolicyFolder, policyFolder } from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

const arn = (name: string) => `arn:aws:iam::111122223333:role/people/${name}`;
const FILE = `version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }
schedules:
  primary: { pagerduty: { schedule: PI7DH85 } }
tickets:
  payments: { jira: { site: example.atlassian.net, projects: [PAY, INC] } }
  operations: { github: { owner: example, repository: operations } }
people:
  alice:
    email: alice@example.com
    groups: [sre]
    identities: { iam: ["${arn("alice")}"] }
    outside: { pagerduty: PALICE1, atlassian: 5b10a1, github: 583231 }
roles: { admins: [sre] }
rules: []
`;
const TOKENS = {
  TIMELATCH_PAGERDUTY_TOKEN: "token",
  TIMELATCH_JIRA_TOKEN: "alice@example.com:token",
  TIMELATCH_GITHUB_TOKEN: "token",
};
const USER = { accountId: "5b10a1", accountType: "atlassian", active: true };
/** Everything that the policy names is there. */
const THERE: Readonly<Record<string, unknown>> = {
  "api.pagerduty.com/v3/schedules/PI7DH85": {
    schedule: { id: "PI7DH85", final_schedule: { computed_shift_assignments: [] } },
  },
  "api.pagerduty.com/users": { users: [{ id: "PALICE1" }], more: false },
  "example.atlassian.net/rest/api/3/project/PAY": { key: "PAY" },
  "example.atlassian.net/rest/api/3/project/INC": { key: "INC" },
  "example.atlassian.net/rest/api/3/users/search?startAt=0": [USER],
  "example.atlassian.net/rest/api/3/users/search": [],
  "api.github.com/repos/example/operations": { id: 1 },
  "api.github.com/user/583231": { id: 583_231 },
};

/** The findings of the check, by code and line, where these answers are others. */
async function found(
  over: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = TOKENS,
  text = FILE,
) {
  const file = path.join(path.dirname(folder.write("live.yaml", text)), "live.yaml");
  writeFileSync(file, text);
  const terminal = fakeTerminal({ env, json: true });
  const answers = { ...THERE, ...over };
  const asked: string[] = [];
  const read: typeof fetch = async (url) => {
    const { host, pathname, search } = new URL(String(url));
    asked.push(host + pathname);
    const first = `${host}${pathname}${/\?startAt=0/.exec(search)?.[0] ?? ""}`;
    const body = answers[first] ?? answers[host + pathname];
    if (body instanceof Response) return body.clone();
    return typeof body === "number" ? new Response("{}", { status: body }) : Response.json(body);
  };
  await policyCheck(terminal.context, file, { live: true }, read).catch(() => undefined);
  const { findings } = JSON.parse(terminal.out()) as {
    findings: readonly { code: string; detail: string; line: number }[];
  };
  const live = findings.filter(({ code }) => /-there$|^service-|^invalid/.test(code));
  return { asked, live: live.map(({ code, line }) => `${code}:${line}`), findings: live };
}

describe("timelatch policy check --live", () => {
  it("It finds nothing where everything is there", async () => {
    expect((await found()).live).toEqual([]);
  });

  it.each([
    ["a schedule", "api.pagerduty.com/v3/schedules/PI7DH85", 404, "schedule-not-there:4"],
    ["a project", "example.atlassian.net/rest/api/3/project/INC", 404, "tracker-not-there:6"],
    ["a repository", "api.github.com/repos/example/operations", 404, "tracker-not-there:7"],
    ["a person of PagerDuty", "api.pagerduty.com/users", { users: [] }, "id-not-there:13"],
    ["a person of GitHub", "api.github.com/user/583231", 404, "id-not-there:13"],
    [
      "a person who is no longer active in Jira",
      "example.atlassian.net/rest/api/3/users/search?startAt=0",
      [{ ...USER, active: false }],
      "id-not-there:13",
    ],
  ])("It finds %s that is not there, with the line", async (_, url, body, finding) => {
    expect((await found({ [url]: body })).live).toEqual([finding]);
  });

  it("It warns of what a service does not say: that is not the same as not there", async () => {
    const { findings, live } = await found({ "api.pagerduty.com/users": 500 });
    expect(live).toEqual(["service-not-asked:13"]);
    expect(findings[0]?.detail).toBe(
      "Whether the id of alice is there, is not known: it has errors.",
    );
    // Jira answers a token that it does not take as nobody's.
    const headers = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };
    const hidden = new Response("{}", { status: 404, headers });
    const url = "example.atlassian.net/rest/api/3/project/PAY";
    expect((await found({ [url]: hidden })).live).toEqual(["service-not-asked:6"]);
  });

  it("It asks no service without a token, and says what it did not ask", async () => {
    const { asked, live } = await found({}, {});
    expect(asked).toEqual([]);
    expect(live).toEqual([
      ...["service-not-asked:4", "service-not-asked:6", "service-not-asked:7"],
      ...["service-not-asked:13", "service-not-asked:13", "service-not-asked:13"],
    ]);
  });

  it("It asks nobody about a file with faults", async () => {
    const { asked, live } = await found({}, TOKENS, `${FILE}colour: blue\n`);
    expect(asked).toEqual([]);
    expect(live).toEqual(["invalid-file:16"]);
  });
});
