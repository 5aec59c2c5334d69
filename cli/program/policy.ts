/**
 * The commands of whoever writes `access.yaml`. Each loads what it needs when it runs, so that other
 * commands start without a reader of YAML.
 */
import { type Command, Option } from "commander";
import type { PolicyCheckOptions } from "../commands/policy-check.ts";
import type { Context } from "../context.ts";
import { gather } from "./options.ts";

type Run = (command: Command) => Context;

const POLICY_FILE = "access.yaml";
const OR_INPUT = "or - for standard input";

export function addPolicyCommands(program: Command, run: Run): void {
  const policy = program
    .command("policy")
    .description("check access.yaml; needs no network and no credentials");
  findingOptions(
    policy.command("check").description("find faults in a policy, and what is probably not meant"),
  )
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .addOption(ignoreOption())
    .action(async (file: string, options: PolicyCheckOptions, command: Command) => {
      const { policyCheck } = await import("../commands/policy-check.ts");
      return policyCheck(run(command), file, options);
    });
}

const findingOptions = (command: Command): Command =>
  command
    .option("--strict", "warnings fail too")
    .addOption(
      new Option("--format <format>", "text (default), or github for annotations").choices([
        "text",
        "github",
      ]),
    );

const ignoreOption = () =>
  new Option("--ignore <code>", "leave out warnings of this code; may be repeated").argParser(
    gather,
  );
