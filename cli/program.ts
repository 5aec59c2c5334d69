import { Argument, Command, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import type { EndVerb } from "../shared/domain/requests/audit-event.ts";
import { access } from "./commands/access.ts";
import { type AuditExportOptions, auditExport } from "./commands/audit-export.ts";
import { auditVerify } from "./commands/audit-verify.ts";
import { type DecideOptions, decide, type Verdict } from "./commands/decide.ts";
import { end } from "./commands/end.ts";
import { grants, type ListOptions, list } from "./commands/list.ts";
import { preview } from "./commands/preview.ts";
import { type RequestOptions, request } from "./commands/request.ts";
import { show } from "./commands/show.ts";
import { type WatchOptions, watch } from "./commands/watch.ts";
import { commandTree } from "./completion/command-tree.ts";
import { completionScript, SHELLS, type Shell } from "./completion/completion-script.ts";
import { type Context, contextOf, type GlobalOptions } from "./context.ts";
import { exitCodeLines } from "./failures/exit-codes.ts";
import { parseRequestId } from "./prompts/request-id.ts";
import type { RequestTerms } from "./prompts/request-terms.ts";
import type { Screen } from "./terminal/screen.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  approve: "approve a request, after showing it",
  deny: "deny a request, after showing it",
};

const ENDS: Readonly<Record<EndVerb, string>> = {
  cancel: "withdraw your own request before access starts",
  return: "give access back before its time is over",
  revoke: "take somebody's access away (admins)",
};

const gather = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

/** The options that say what is asked for, the same wherever something is. */
const termOptions = (command: Command): Command =>
  command
    .option("--cluster <name>", "the cluster's name in access.yaml")
    .option("--policy <name>", "an EKS access policy, such as AmazonEKSViewPolicy")
    .option("--namespace <name>", "where the policy should hold; may be repeated", gather)
    .option("--cluster-scope", "the policy should hold in the whole cluster")
    .option("--group <name>", "a Kubernetes group, in place of a policy; may be repeated", gather)
    .option("--duration <duration>", "how long, such as 90m or 1h30m; else the rule's default")
    .option("--reason <text>", "why, for those who approve and audit")
    .option("--principal <arn>", "the IAM principal to elevate, where you have several")
    .option("--starts-at <instant>", "not before this, such as 2026-11-24T22:00-08:00")
    .option("--rule <name>", "the rule of access.yaml to ask under");

/** The command line: every command, its options and its help. */
export function buildProgram(screen: Screen, env: Environment): Command {
  const program = new Command("timelatch")
    .version(manifest.version)
    .description("Borrow access to Amazon EKS clusters for a limited time, and lend it.")
    .addOption(new Option("--api <address>", "where the API is, without /v1").env("TIMELATCH_API"))
    .option("--json", "print the API's JSON, and errors as JSON on standard error")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => screen.out.write(text),
      writeErr: (text) => screen.err.write(text),
      // The text of an error is told once, at the end, with what to do next.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", () => `\nExit codes:\n${exitCodeLines().join("\n")}\n${EXAMPLES}`);

  const run = (command: Command): Context =>
    contextOf(command.optsWithGlobals<GlobalOptions>(), screen, env);

  program
    .command("access")
    .description("show what you may ask for")
    .action((_options: object, command: Command) => access(run(command)));

  termOptions(
    program.command("preview").description("show what a request would come to, without asking"),
  ).action((options: RequestTerms, command: Command) => preview(run(command), options));

  termOptions(
    program
      .command("request")
      .description("ask for access; alone in a terminal, it asks you step by step"),
  )
    .option("--preview", "show what it comes to, and ask before it is sent")
    .option("--idempotency-key <key>", "repeat a request safely; else a fresh UUID")
    .option("--wait", "wait until access is there")
    .action((options: RequestOptions, command: Command) => request(run(command), options));

  program
    .command("list")
    .description("list your requests, or those that wait for your approval")
    .addOption(new Option("--mine", "your own requests (default)").conflicts("toApprove"))
    .option("--to-approve", "what waits for your approval")
    .option("--state <state>", "only requests in this state; may be repeated", gather)
    .action((options: ListOptions, command: Command) => list(run(command), options));

  program
    .command("show")
    .description("show one request with its history")
    .argument("<id>", "the request's id", parseRequestId)
    .action((id: string, _options: object, command: Command) => show(run(command), id));

  for (const [verdict, description] of Object.entries(VERDICTS) as [Verdict, string][]) {
    const command = program
      .command(verdict)
      .description(description)
      .argument("<id>", "the request's id", parseRequestId)
      .option("--note <text>", "a remark, kept with the decision")
      .option("--yes", "do not ask to confirm");
    if (verdict === "approve") command.option("--wait", "wait until access is there");
    command.action((id: string, options: DecideOptions, self: Command) =>
      decide(run(self), verdict, id, options),
    );
  }

  for (const [verb, description] of Object.entries(ENDS) as [EndVerb, string][])
    program
      .command(verb)
      .description(description)
      .argument("<id>", "the request's id", parseRequestId)
      .action((id: string, _options: object, command: Command) => end(run(command), verb, id));

  program
    .command("grants")
    .description("list the access that is lent now, as far as you may see it")
    .action((_options: object, command: Command) => grants(run(command)));

  program
    .command("watch")
    .description("watch the access that is lent now count down, until Ctrl-C")
    .option("--once", "show it once, and end")
    .action((options: WatchOptions, command: Command) => watch(run(command), options));

  const audit = program.command("audit").description("export the record, and verify it");
  audit
    .command("export")
    .description("write the events of a time, for auditors")
    .requiredOption("--from <moment>", "first moment: a day (UTC), or an instant with its zone")
    .option("--to <moment>", "end, itself not included; else now")
    .addOption(
      new Option("--format <format>", "ndjson (default), which can be verified, or csv").choices([
        "ndjson",
        "csv",
      ]),
    )
    .option("--out <file>", "write to this file; else to standard output")
    .action((options: AuditExportOptions, command: Command) => auditExport(run(command), options));
  audit
    .command("verify")
    .description("prove an exported ndjson file; needs no network")
    .argument("<file>", "the file, or - for standard input")
    .action((file: string, _options: object, command: Command) => auditVerify(run(command), file));

  program
    .command("completion")
    .description("print the script that completes commands and options in your shell")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: Shell) => {
      screen.out.write(completionScript(shell, commandTree(program)));
    });

  return program;
}

const EXAMPLES = `
Examples:
  timelatch access
  timelatch request
  timelatch request --cluster prod --policy AmazonEKSEditPolicy \\
    --namespace payments-api --duration 1h --reason "INC-4711 stuck rollout" --wait
  timelatch watch
  timelatch list --to-approve
  timelatch approve <id>
  timelatch audit export --from 2026-10-01 --to 2027-01-01 --out q4.ndjson
  timelatch audit verify q4.ndjson

Your AWS credentials sign every call: AWS_PROFILE, SSO and the rest, as with the AWS CLI.
`;
