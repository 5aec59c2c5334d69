/** The commands on the people of `access.yaml`. Each loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { PeopleSyncOptions } from "../commands/people-sync.ts";
import type { Context } from "../context.ts";
import { gather } from "./options.ts";

const ABOUT = `
It reads Identity Center with your AWS credentials, in the management account or as a delegated
administrator, or an export. It deploys nothing: review the file, and deploy as usual.
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
}
