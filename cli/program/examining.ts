/** The command that looks at a deployment. It loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { DoctorOptions } from "../commands/doctor.ts";
import type { Context } from "../context.ts";
import { gather } from "./options.ts";

const ABOUT = `
It reads with your AWS credentials, and changes nothing. With --smoke it makes
scratch resources of its own, and removes them again. It asks first. One part
asks for access as yourself, and waits for an approver and for the end of the
access.
`;

export function addDoctorCommand(program: Command, run: (command: Command) => Context): void {
  const doctor = program
    .command("doctor")
    .description("say what of a deployment is not as its files say, and what to do")
    .argument("[folder]", "where timelatch.config.yaml is", ".")
    .option(
      "--account <account=profile>",
      "a profile with which another account is read; may be repeated",
      gather,
    )
    .option(
      "--only <check>",
      "one check, or one part of --smoke, by its name; may be repeated",
      gather,
    )
    .addOption(
      new Option(
        "--client",
        "make no other check; say what this machine lacks to ask for access and to use it",
      ).conflicts(["account", "only", "restored", "smoke"]),
    )
    .addOption(
      new Option(
        "--restored",
        "make no other check; say whether the tables have what a restored table lacks",
      ).conflicts(["only", "smoke"]),
    )
    .addHelpText("after", ABOUT);
  addSmokeOptions(doctor).action(
    async (folder: string, options: DoctorOptions, command: Command) => {
      const { doctor } = await import("../commands/doctor.ts");
      return doctor(run(command), folder, options);
    },
  );
}

const addSmokeOptions = (doctor: Command): Command =>
  doctor
    .addOption(
      new Option(
        "--smoke [cluster]",
        "make no check; settle what AWS does not document by experiment there; may be repeated",
      ).argParser(gather),
    )
    .addOption(
      new Option("--clean", "with --smoke: only remove what earlier runs left").conflicts("only"),
    )
    .option("--report <file>", "with --smoke: write a report without identifiers, as JSON and text")
    .option("--reason <text>", "with --smoke: why, for the request of the part grant")
    .option("-y, --yes", "with --smoke: do not ask");
