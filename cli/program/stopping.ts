/** The commands of an admin who stops people at once. */
import type { Command } from "commander";
import { drain, type StopOptions, suspend, suspensions } from "../commands/stops.ts";
import type { Context } from "../context.ts";
import { yesOption } from "./options.ts";

export function addStoppingCommands(program: Command, run: (command: Command) => Context): void {
  const stopping = (command: Command) =>
    yesOption(command)
      .option("-r, --reason <text>", "why; it is kept for ever, and shown to whoever is stopped")
      .option("--even-if-nobody-can-lift", "stop although no admin is left who may lift it")
      .option("--wait", "wait until reads have proven that its grants ended, and list them")
      .option("--timeout <duration>", "stop waiting after this time, such as 90s or 10m (7m)")
      .option("--lift", "lift it, which another admin does than who stopped");
  stopping(
    program
      .command("suspend")
      .description("stop a person at once: nothing is lent to them (admins)")
      .argument("<name>", "the person's name in access.yaml"),
  ).action((name: string, options: StopOptions, self: Command) =>
    suspend(run(self), name, options),
  );
  stopping(
    program.command("drain").description("stop everyone at once: nothing is lent at all (admins)"),
  ).action((options: StopOptions, self: Command) => drain(run(self), options));
  program
    .command("suspensions")
    .description("list who is suspended, and whether everyone is (admins and auditors)")
    .action((_options: object, self: Command) => suspensions(run(self)));
}
