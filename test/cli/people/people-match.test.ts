/** `timelatch people match`: ids by e-mail address, as a patch that somebody reads. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peopleMatch } from "../../../cli/commands/people-match.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { fakeTerminal } from "../fake-terminal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-match-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const person = (name: string, more = "") =>
  `email: ${name}@example.com, groups: [sre], identities: { iam: ["arn:aws:iam::111122223333:role/people/${name}"] }${more}`;
const PEOPLE = `  # On call every second week.
  alice: { ${person("alice")} } # lead
  bob:
    email: Bob@Example.com
    groups: [sre]
    identities: { iam: ["arn:aws:iam::111122223333:role/people/bob"] } # by IAM
    outside:
      github: 583231
  carol: { ${person("carol", ", outside: { pagerduty: PCAROL1 }")} }
  dave: { ${person("dave")} }
`;
const HEAD = `version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }
schedules:
  primary: { pagerduty: { schedule: PI7DH85 } }
roles: { admins: [sre] }
rules: []
`;

const USERS = [
  { id: "PALICE1", email: "alice@example.com" },
  { id: "PB0B001", email: "bob@example.com" },
  { id: "PCAROL2", email: "carol@example.com" },
  { id: "PDAVE01", email: "dave@example.com" },
  { id: "PDAVE02", email: "DAVE@example.com" },
];

const USER_OF_JIRA = {
  ...{ accountId: "5b10a1", accountType: "atlassian", active: true },
  emailAddress: "alice@example.com",
};

/** The command on a policy, where PagerDuty has these people. */
async function matched(
  text: string,
  options: { readonly write?: true } = {},
  json = false,
  users: readonly object[] = USERS,
) {
  const file = path.join(folder, "access.yaml");
  writeFileSync(file, text);
  const terminal = fakeTerminal({ json, env: { TIMELATCH_PAGERDUTY_TOKEN: "token" } });
  const hosts: string[] = [];
  await peopleMatch(terminal.context, file, options, async (url) => {
    hosts.push(new URL(String(url)).host);
    return Response.json({ users, more: false });
  });
  expect(hosts).toEqual(["api.pagerduty.com"]);
  return { terminal, now: readFileSync(file, "utf8") };
}

describe("timelatch people match", () => {
  it("It proposes ids as a patch, names whom it leaves out, and writes nothing", async () => {
    const text = `${HEAD}people:\n${PEOPLE}`;
    const { terminal, now } = await matched(text);
    expect(now).toBe(text);
    const patch = terminal.out();
    expect(patch).toContain(
      `+  alice: { ${person("alice")}, outside: { pagerduty: PALICE1 } } # lead`,
    );
    expect(patch).toContain("+      pagerduty: PB0B001");
    expect(patch).not.toMatch(/PDAVE|PCAROL2/);
    const said = terminal.err().replaceAll(/\s+/g, " ");
    expect(said).toContain("dave, pagerduty: several accounts there have this e-mail address.");
    expect(said).toContain("carol, pagerduty: their e-mail address there has the id PCAROL2");
    expect(said).toContain("2 ids are proposed by e-mail address. Nothing was written.");
  });

  it("It writes with --write, and leaves everything else as it is, comments too", async () => {
    const text = `${HEAD}people:\n${PEOPLE}`;
    const { now } = await matched(text, { write: true });
    expect(
      now
        .replace(", outside: { pagerduty: PALICE1 }", "")
        .replace("\n      pagerduty: PB0B001", ""),
    ).toBe(text);
    expect(parseAccessPolicy(now).people).toMatchObject({
      alice: { outside: { pagerduty: "PALICE1" } },
      bob: { outside: { pagerduty: "PB0B001", github: "583231" } },
    });
  });

  it("It writes into the file of people that the policy includes", async () => {
    const file = path.join(folder, "people.yaml");
    writeFileSync(file, `version: 1\npeople:\n${PEOPLE}`);
    const { now } = await matched(`${HEAD}people: { include: people.yaml }\n`, { write: true });
    expect(now).not.toContain("PALICE1");
    expect(readFileSync(file, "utf8")).toContain("outside: { pagerduty: PALICE1 } } # lead");
  });

  it("It reads Jira by its site's id where only a schedule names it, and its site where a tracker does", async () => {
    const cloudId = "11223344-a1b2-3b33-c444-def123456789";
    const schedules = `schedules:
  primary: { jiraOperations: { cloudId: ${cloudId}, schedule: ${cloudId} } }
`;
    const file = path.join(folder, "access.yaml");
    const urls = async (more: string) => {
      const text = HEAD.replace(/schedules:\n.*\n/, schedules + more);
      writeFileSync(file, `${text}people:\n${PEOPLE}`);
      const terminal = fakeTerminal({ json: true, env: { TIMELATCH_JIRA_TOKEN: "a:b" } });
      const asked: string[] = [];
      await peopleMatch(terminal.context, file, {}, async (url) => {
        asked.push(String(url).split("?")[0] ?? "");
        return Response.json(asked.length > 1 ? [] : [USER_OF_JIRA]);
      });
      expect(JSON.parse(terminal.out()).proposals).toMatchObject([
        { person: "alice", service: "atlassian", id: "5b10a1" },
      ]);
      return new Set(asked);
    };
    expect(await urls("")).toEqual(
      new Set([`https://api.atlassian.com/ex/jira/${cloudId}/rest/api/3/users/search`]),
    );
    const tracker =
      "tickets: { pay: { jira: { site: example.atlassian.net, projects: [PAY] } } }\n";
    expect(await urls(tracker)).toEqual(
      new Set(["https://example.atlassian.net/rest/api/3/users/search"]),
    );
  });

  it("It leaves out whoever has an id there that the file would not take", async () => {
    const text = `${HEAD}people:\n${PEOPLE}`;
    const [alice, ...others] = USERS;
    const { terminal } = await matched(text, {}, false, [{ ...alice, id: "p-alice" }, ...others]);
    expect(terminal.out()).not.toContain("p-alice");
    expect(terminal.out()).toContain("+      pagerduty: PB0B001");
    expect(terminal.err().replaceAll(/\s+/g, " ")).toContain(
      "alice, pagerduty: the id there has a form that the file does not take.",
    );
  });

  it("--json has the proposals, and everyone without one", async () => {
    const { terminal } = await matched(`${HEAD}people:\n${PEOPLE}`, {}, true);
    expect(JSON.parse(terminal.out())).toMatchObject({
      proposals: [
        { person: "alice", service: "pagerduty", id: "PALICE1" },
        { person: "bob", service: "pagerduty", id: "PB0B001" },
      ],
      leftOut: [{ person: "dave", service: "pagerduty", why: "several-there" }],
      differing: [{ person: "carol", id: "PCAROL2" }],
      unread: [],
      written: false,
    });
  });

  it("It leaves out people who share an e-mail address, and an id that somebody else has", async () => {
    const people = `${PEOPLE.replace("outside: { pagerduty: PCAROL1 }", "outside: { pagerduty: PALICE1 }")}`;
    const twins = people.replace("email: Bob@Example.com", "email: alice@example.com");
    const { terminal } = await matched(`${HEAD}people:\n${twins}`, {}, true);
    expect(JSON.parse(terminal.out()).leftOut).toMatchObject([
      { person: "alice", why: "several-here" },
      { person: "bob", why: "several-here" },
      { person: "dave", why: "several-there" },
    ]);
    const { terminal: taken } = await matched(`${HEAD}people:\n${people}`, {}, true);
    expect(JSON.parse(taken.out()).leftOut[0]).toMatchObject({ person: "alice", why: "taken" });
  });
});
