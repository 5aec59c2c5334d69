/** The commands on findings, for auditors and admins. */
import type { Command } from "commander";
import {
  type AcknowledgeOptions,
  acknowledgeFinding,
  type FindingListOptions,
  listFindings,
  type SinceOptions,
  showFinding,
} from "../commands/findings.ts";
import type { Context } from "../context.ts";
import { parseFindingId } from "../prompts/finding-id.ts";
import { yesOption } from "./options.ts";

type Run = (command: Command) => Context;

const SINCE = "from when on acknowledged ones are looked for too (default: 90 days ago)";

export function addFindingCommands(program: Command, run: Run): void {
  const findings = program
    .command("findings")
    .description("see what nothing explains: changes from outside, and missing calls (auditors)");
  findings
    .command("list", { isDefault: true })
    .description("list those that nobody has acknowledged (the default)")
    .option("--all", "acknowledged ones too; of the last 90 days, unless --from is given")
    .option("--from <moment>", "recorded then or later: a day (UTC), or an instant with its zone")
    .option("--to <moment>", "recorded before; else now")
    .action((options: FindingListOptions, command: Command) => listFindings(run(command), options));
  findingArgument(findings.command("show").description("show one finding whole")).action(
    (id: string, options: SinceOptions, command: Command) => showFinding(run(command), id, options),
  );
  const acknowledging = findings
    .command("acknowledge")
    .description("say that you have looked at a finding, after showing it");
  findingArgument(yesOption(acknowledging))
    .option("--note <text>", "what you found out, kept with the finding; else asked for")
    .action((id: string, options: AcknowledgeOptions, command: Command) =>
      acknowledgeFinding(run(command), id, options),
    );
}

const findingArgument = (command: Command): Command =>
  command
    .argument("<finding>", "the finding's id, or its beginning", parseFindingId)
    .option("--from <moment>", SINCE);
