/** The command that looks at a deployment. It loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { DoctorOptions } from "../commands/doctor.ts";
import type { Context } from "../context.ts";
import { gather } from "./options.ts";

const ABOUT = `
It reads with your AWS credentials, and changes nothing. With --smoke it asks for access as yourself, and waits for an
approver and for the end of the access.
`;

export function addDoctorCommand(program: Command, run: (command: Command) => Context): void {
  program
    .command("doctor")
    .description("say what of a deployment is not as its files say, and what to do")
    .argument("[folder]", "where timelatch.config.yaml is", ".")
    .option(
      "--account <account=profile>",
      "a profile with which another account is read; may be repeated",
      gather,
    )
    .option("--only <check>", "one check, by its name; may be repeated", gather)
    .addOption(
      new Option(
        "--restored",
        "make no other check; say whether the tables have what a restored table lacks",
      ).conflicts(["only", "smoke"]),
    )
    .addOption(
      new Option(
        "--smoke <cluster>",
        "make no check; borrow View there for five minutes, and compare with what EKS shows",
      ).conflicts("only"),
    )
    .option("--reason <text>", "why, for the request of --smoke")
    .addHelpText("after", ABOUT)
    .action(async (folder: string, options: DoctorOptions, command: Command) => {
      const { doctor } = await import("../commands/doctor.ts");
      return doctor(run(command), folder, options);
    });
}
