/** Ways to each failure of `timelatch people`. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { peopleMatch } from "../../../cli/commands/people-match.ts";
import {
  type PeopleSyncOptions,
  parseChosenGroup,
  peopleSync,
} from "../../../cli/commands/people-sync.ts";
import {
  identityCenterRefused,
  noIdentityCenter,
  severalStores,
} from "../../../cli/people/directory-failures.ts";
import { writePeopleFile } from "../../../cli/people/people-file.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const HEADING = "userId,userName,email,groups\n";
const ALICE = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666,alice@example.com,,\n";

const MATCHED = `version: 1
clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }
people: {}
rules: []
`;
const SCHEDULES = "schedules: { primary: { pagerduty: { schedule: PI7DH85 } } }\n";

/** @param folderOf a folder for files, from the beginning of the tests on */
export function peopleWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  const place = (name: string) => path.relative(process.cwd(), path.join(folderOf(), name));
  const file = (name: string, content: string) => {
    writeFileSync(place(name), content);
    return place(name);
  };
  const sync = (options: Partial<PeopleSyncOptions>) =>
    peopleSync(fakeTerminal().context, {
      out: place("none.yaml"),
      access: place("none-access.yaml"),
      ...options,
    });
  const many = ["ann", "ben", "cleo", "dan"].map(
    (name) => `  ${name}: { email: a@b.c, identities: { identityCenter: { userName: ${name} } } }`,
  );
  const matching = (env: Record<string, string>, schedules: string) =>
    peopleMatch(
      fakeTerminal({ env }).context,
      file(`match-${schedules.length}-${Object.keys(env).length}.yaml`, MATCHED + schedules),
      {},
      async () => new Response("{}", { status: 403 }),
    );
  return {
    "people of no service": () => matching({}, ""),
    "people of a service without a token": () => matching({}, SCHEDULES),
    "people whom a token may not read": () =>
      matching({ TIMELATCH_PAGERDUTY_TOKEN: "token" }, SCHEDULES),
    "an export without headings": () => sync({ fromCsv: file("short.csv", "alice\n") }),
    "an export that is not there": () => sync({ fromCsv: "/nonexistent/users.csv" }),
    "an export of nobody": () => sync({ fromCsv: file("empty.csv", HEADING) }),
    "an export without most people": () =>
      sync({
        out: file("many.yaml", `version: 1\npeople:\n${many.join("\n")}\n`),
        fromCsv: file("few.csv", HEADING + ALICE),
      }),
    "a list of people that is not as the directory": () =>
      sync({ fromCsv: file("alice.csv", HEADING + ALICE), check: true }),
    "a group that is not in the directory": () =>
      sync({ fromCsv: file("groups.csv", HEADING + ALICE), group: ["SRE"] }),
    "a group without a name": () => parseChosenGroup("SRE="),
    "a folder in place of a list of people": () => sync({ out: "cli", fromCsv: "users.csv" }),
    "a list of people that cannot be written": () => writePeopleFile("/dev/null/people.yaml", ""),
    "a record of roles that is none": () => {
      file("torn.stacks.json", "{");
      return sync({ access: place("torn.yaml"), fromCsv: file("alice2.csv", HEADING + ALICE) });
    },
    "an Identity Center that refuses": () => {
      throw identityCenterRefused(new Error("User is not authorized to perform it"), "eu-west-1");
    },
    "a region without Identity Center": () => {
      throw noIdentityCenter("eu-west-1");
    },
    "several directories": () => {
      throw severalStores(["d-1", "d-2"]);
    },
  };
}
