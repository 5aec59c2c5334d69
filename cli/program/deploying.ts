/** The commands of whoever deploys Timelatch. Each loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { InitOptions } from "../commands/init.ts";
import type { Context } from "../context.ts";
import { QUESTIONS } from "../deployment/questions.ts";
import { gather } from "./options.ts";

type Run = (command: Command) => Context;

const ABOUT_INIT = `
It asks for what no option says, and writes access.yaml, people.yaml, access.test.yaml,
timelatch.config.yaml and a small CDK app. It overwrites nothing, and changes nothing in AWS.
`;

export function addDeployingCommands(program: Command, run: Run): void {
  const init = program
    .command("init")
    .description("write the files of a new deployment into a folder")
    .argument("[folder]", "it may be new", ".")
    .option("--from-account", "read the account's clusters and their modes with your credentials");
  for (const { flag, value, about, several } of QUESTIONS) {
    const option = new Option(`--${flag} ${value}`, several ? `${about}; may be repeated` : about);
    init.addOption(several ? option.argParser(gather) : option);
  }
  init
    .option("--library <what>", "what npm installs as @timelatch/cdk (default: the packed file)")
    .addHelpText("after", ABOUT_INIT)
    .action(async (folder: string, options: InitOptions, command: Command) => {
      const { init: write } = await import("../commands/init.ts");
      return write(run(command), folder, options);
    });
}
