/** The commands on the people of `access.yaml`. Each loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { PeopleMatchOptions } from "../commands/people-match.ts";
import type { PeopleSyncOptions } from "../commands/people-sync.ts";
import type { Context } from "../context.ts";
import { gather } from "./options.ts";

const ABOUT = `
It reads Identity Center with your AWS credentials, in the management account or
as a delegated administrator, or an export. It deploys nothing: review the file,
and deploy as usual.
`;

const ABOUT_MATCH = `
It reads the people of PagerDuty, incident.io, Jira and ServiceNow that
access.yaml names, with tokens that may read them: TIMELATCH_PAGERDUTY_TOKEN,
TIMELATCH_INCIDENT_IO_TOKEN, TIMELATCH_JIRA_TOKEN (email:api_token) and
TIMELATCH_SERVICE_NOW_TOKEN (user:password). An e-mail address is its owner's to
change: read the patch.
`;

export function addPeopleCommands(program: Command, run: (command: Command) => Context): void {
  const people = program
    .command("people")
    .description("keep the people of access.yaml as they are in your directory");
  people
    .command("sync")
    .description("write Identity Center's users and groups into people.yaml, for review")
    .option("--out <file>", "the file that access.yaml includes", "people.yaml")
    .option(
      "--access <file>",
      "the policy; newcomers get no name that is in its record of roles",
      "access.yaml",
    )
    .option(
      "--group <group>",
      "a group that counts, as it is shown, or <shown>=<name>; may be repeated. Only members of these are people (default: every group, and everyone)",
      gather,
    )
    .addOption(new Option("--from-csv <file>", "an export as CSV").conflicts("fromScim"))
    .addOption(
      new Option(
        "--from-scim <file>",
        "a SCIM 2.0 list response; repeat it for each page",
      ).argParser(gather),
    )
    .option("--region <region>", "Identity Center's home region (default: yours)")
    .option("--identity-store <id>", "its store, d-… (default: the only one)")
    .option(
      "--allow-removals",
      "also where more than a fifth of the people, and more than 3, leave",
    )
    .option("--check", "write nothing, and fail if the file would change")
    .option("--dry-run", "write nothing, and show what would change")
    .addHelpText("after", ABOUT)
    .action(async (options: PeopleSyncOptions, command: Command) => {
      const { peopleSync } = await import("../commands/people-sync.ts");
      return peopleSync(run(command), options);
    });
  addMatchCommand(people, run);
}

function addMatchCommand(people: Command, run: (command: Command) => Context): void {
  people
    .command("match")
    .description("propose people's ids at the services that are asked for facts, as a patch")
    .argument("[file]", "the policy", "access.yaml")
    .option("--write", "write the ids into the file, or into that of people which it includes")
    .addHelpText("after", ABOUT_MATCH)
    .action(async (file: string, options: PeopleMatchOptions, command: Command) => {
      const { peopleMatch } = await import("../commands/people-match.ts");
      return peopleMatch(run(command), file, options);
    });
}
