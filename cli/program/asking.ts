/** The commands of somebody who needs access. */
import type { Command } from "commander";
import { access } from "../commands/access.ts";
import { mcp } from "../commands/mcp.ts";
import { type PreviewOptions, preview } from "../commands/preview.ts";
import { type RequestOptions, request } from "../commands/request.ts";
import { type StatusOptions, status } from "../commands/status.ts";
import { whoami } from "../commands/whoami.ts";
import type { Context } from "../context.ts";
import { termOptions, waitOptions, yesOption } from "./options.ts";

export function addAskingCommands(program: Command, run: (command: Command) => Context): void {
  program
    .command("whoami")
    .description("show who the API takes you for")
    .action((_options: object, command: Command) => whoami(run(command)));

  program
    .command("status")
    .description("show what you, or somebody else, can do now")
    .argument("[person]", "by default yourself")
    .option("-c, --cluster <name>", "standing access on this cluster, too")
    .action((person: string | undefined, options: StatusOptions, command: Command) =>
      status(run(command), person, options),
    );

  program
    .command("access")
    .description("show what you may ask for")
    .action((_options: object, command: Command) => access(run(command)));

  termOptions(program.command("preview").description("dry-run a request"))
    .option("--all", "when it is refused, show the objections of every rule")
    .action((options: PreviewOptions, command: Command) => preview(run(command), options));

  const asking = program
    .command("request")
    .description("ask for access; without options, prompts for each value");
  waitOptions(yesOption(termOptions(asking)), "access is active (default at a terminal)")
    .option("--idempotency-key <key>", "makes a repetition safe (default: a fresh UUID)")
    .action((options: RequestOptions, command: Command) => request(run(command), options));

  program
    .command("mcp")
    .description("let an agent ask, by the Model Context Protocol; its client starts this")
    .action((_options: object, command: Command) => mcp(run(command)));
}
