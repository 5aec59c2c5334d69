/**
 * The commands of whoever writes `access.yaml`. Each loads what it needs when it runs, so that other
 * commands start without a reader of YAML.
 */
import { type Command, Option } from "commander";
import type { PolicyCheckOptions } from "../commands/policy-check.ts";
import type { PolicyDiffOptions } from "../commands/policy-diff.ts";
import type { PolicyExplainOptions } from "../commands/policy-explain.ts";
import type { PolicyProveOptions } from "../commands/policy-prove.ts";
import type { PolicyReplayOptions } from "../commands/policy-replay.ts";
import type { PolicySuggestOptions } from "../commands/policy-suggest.ts";
import type { PolicyTestOptions } from "../commands/policy-test.ts";
import type { PolicyWhoOptions } from "../commands/policy-who.ts";
import type { Context } from "../context.ts";
import { gather, termOptions } from "./options.ts";

type Run = (command: Command) => Context;

const POLICY_FILE = "access.yaml";
const OR_INPUT = "or - for standard input";

export function addPolicyCommands(program: Command, run: Run): void {
  const policy = program
    .command("policy")
    .description(
      "check, explain, test, prove and compare access.yaml; needs no network (but check --live)",
    );
  findingOptions(
    policy.command("check").description("find faults in a policy, and what is probably not meant"),
  )
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .addOption(ignoreOption())
    .option(
      "--live",
      "also ask the services that it names whether schedules, trackers and people exist",
    )
    .action(async (file: string, options: PolicyCheckOptions, command: Command) => {
      const { policyCheck } = await import("../commands/policy-check.ts");
      return policyCheck(run(command), file, options);
    });
  addExplainCommand(policy, run);
  addTestCommand(policy, run);
  addProveCommand(policy, run);
  addWhoCommand(policy, run);
  addReplayCommand(policy, run);
  addSuggestCommand(policy, run);
  addDiffCommand(policy, run);
}

function addExplainCommand(policy: Command, run: Run): void {
  const explain = policy
    .command("explain")
    .description("show which rule decides a request and what it permits, or why no rule does")
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .requiredOption("--as <person>", "who asks, by the name in the policy");
  termOptions(
    explain,
    "why (default: any reason that the rules accept)",
    "the ticket; PAY-123=open:alice says what its tracker has (default: what the rule asks)",
  )
    .option("--at <instant>", "when it is asked, such as 2026-12-24T03:00Z (default: now)")
    .option(
      "--on-call <schedule>",
      "a schedule in which they are on call; may be repeated (default: in none)",
      gather,
    )
    .action(async (file: string, options: PolicyExplainOptions, command: Command) => {
      const { policyExplain } = await import("../commands/policy-explain.ts");
      return policyExplain(run(command), file, options);
    });
}

function addTestCommand(policy: Command, run: Run): void {
  findingOptions(
    policy.command("test").description("check a policy against what is expected of it"),
  )
    .argument("[file]", `the expectations, ${OR_INPUT}`, "access.test.yaml")
    .option("--against <file>", "the policy (default: beside the expectations, without .test)")
    .action(async (file: string, options: PolicyTestOptions, command: Command) => {
      const { policyTest } = await import("../commands/policy-test.ts");
      return policyTest(run(command), file, options);
    });
}

function addProveCommand(policy: Command, run: Run): void {
  policy
    .command("prove")
    .description("prove what a policy can never lead to, or show the commands that lead to it")
    .argument("[file]", `the claims, under never:, ${OR_INPUT}`, "access.test.yaml")
    .option("--against <file>", "the policy (default: beside the claims, without .test)")
    .action(async (file: string, options: PolicyProveOptions, command: Command) => {
      const { policyProve } = await import("../commands/policy-prove.ts");
      return policyProve(run(command), file, options);
    });
}

function addWhoCommand(policy: Command, run: Run): void {
  policy
    .command("who")
    .description("list who can end up with some access, and how few people it takes")
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .requiredOption("-c, --cluster <name>", "the cluster, by its name in the policy")
    .option(
      "-p, --policy <name>",
      "an EKS access policy, as view or cluster-admin; may be repeated (default: any access)",
      gather,
    )
    .option(
      "-n, --namespace <name>",
      "a namespace or a pattern; may be repeated (default: anywhere)",
      gather,
    )
    .action(async (file: string, options: PolicyWhoOptions, command: Command) => {
      const { policyWho } = await import("../commands/policy-who.ts");
      return policyWho(run(command), file, options);
    });
}

function addReplayCommand(policy: Command, run: Run): void {
  policy
    .command("replay")
    .description("judge the requests of an archive again, under another policy")
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .requiredOption(
      "--archive <place>",
      "a folder or file of the archive, or an export as ndjson; may be repeated",
      gather,
    )
    .option("--from <moment>", "requests from then on: a day (UTC), or an instant with its zone")
    .option("--to <moment>", "requests before then (default: now)")
    .option("--counts", "how many only, without people: for a pull request")
    .action(async (file: string, options: PolicyReplayOptions, command: Command) => {
      const { policyReplay } = await import("../commands/policy-replay.ts");
      return policyReplay(run(command), file, options);
    });
}

function addSuggestCommand(policy: Command, run: Run): void {
  policy
    .command("suggest")
    .description("make a patch of less access that would have sufficed for what grants did")
    .argument("[file]", `the policy, ${OR_INPUT}`, POLICY_FILE)
    .requiredOption("--archive <place>", "a folder or file of the archive; may be repeated", gather)
    .option("--rule <name>", "only this rule")
    .option("--from <moment>", "grants asked for from then on: a day (UTC), or an instant")
    .option("--to <moment>", "grants asked for before then (default: now)")
    .action(async (file: string, options: PolicySuggestOptions, command: Command) => {
      const { policySuggest } = await import("../commands/policy-suggest.ts");
      return policySuggest(run(command), file, options);
    });
}

function addDiffCommand(policy: Command, run: Run): void {
  policy
    .command("diff")
    .description("show who gains and who loses what by a change of a policy, also in IAM")
    .argument("<old-file>", `the policy as it was, ${OR_INPUT}`)
    .argument("<new-file>", "the policy as it is to be")
    .addOption(
      new Option("--format <format>", "text (default), or markdown for a comment").choices([
        "text",
        "markdown",
      ]),
    )
    .action(async (before: string, after: string, options: PolicyDiffOptions, command: Command) => {
      const { policyDiff } = await import("../commands/policy-diff.ts");
      return policyDiff(run(command), before, after, options);
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
