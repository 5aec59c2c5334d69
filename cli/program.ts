import { Argument, Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import type { StoredChanges } from "./changes/stored-changes.ts";
import { getConfig, listConfig, setConfig, unsetConfig } from "./commands/config.ts";
import { refreshCompletions } from "./completion/cached-values.ts";
import { commandTree } from "./completion/command-tree.ts";
import { completionScript, SHELLS, type Shell } from "./completion/completion-script.ts";
import { CONFIG_KEYS, type ConfigKey } from "./config/config-file.ts";
import { type Context, contextOf, type GlobalOptions } from "./context.ts";
import { exitCodeLines } from "./failures/exit-codes.ts";
import { addAskingCommands, addEscalatingCommand, addExtendingCommand } from "./program/asking.ts";
import { addAuditCommands } from "./program/auditing.ts";
import { addClusterCommands } from "./program/clusters.ts";
import { addConsoleCommand } from "./program/console.ts";
import {
  addChangingCommands,
  addDelegationCommands,
  addReadingCommands,
  addReviewCommand,
} from "./program/deciding.ts";
import { addDeployingCommands } from "./program/deploying.ts";
import { addDocsCommand } from "./program/documents.ts";
import { addDoctorCommand } from "./program/examining.ts";
import { describeCommands } from "./program/examples.ts";
import { addFindingCommands } from "./program/finding.ts";
import { addKubernetesCommands } from "./program/kubernetes.ts";
import { addPeopleCommands } from "./program/people.ts";
import { addPolicyCommands } from "./program/policy.ts";
import { addStoppingCommands } from "./program/stopping.ts";
import { HELP_COLUMNS, type Screen } from "./terminal/screen.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Run = (command: Command) => Context;

/**
 * The command line: every command, its options and its help.
 *
 * @param name what people type
 * @param stored takes down the changes that the API answers
 */
export function buildProgram(
  screen: Screen,
  env: Environment,
  name = "timelatch",
  stored?: StoredChanges,
): Command {
  const program = rootOf(screen, name);
  const run: Run = (command) =>
    contextOf(command.optsWithGlobals<GlobalOptions>(), screen, env, stored);
  addAskingCommands(program, run);
  addExtendingCommand(program, run);
  addEscalatingCommand(program, run);
  addReadingCommands(program, run);
  addConsoleCommand(program, run);
  addKubernetesCommands(program, run);
  addChangingCommands(program, run);
  addReviewCommand(program, run);
  addDelegationCommands(program, run);
  addStoppingCommands(program, run);
  addAuditCommands(program, run);
  addFindingCommands(program, run);
  addClusterCommands(program, run);
  addPolicyCommands(program, run);
  addPeopleCommands(program, run);
  addDeployingCommands(program, run);
  addDoctorCommand(program, run);
  addDocsCommand(program, run);
  addConfigCommands(program, run);
  addCompletionCommand(program, run, screen);
  addHelpCommand(program);
  describeCommands(program, name);
  return program;
}

/** Its name, its global options, and how it prints. */
function rootOf(screen: Screen, name: string): Command {
  return new Command(name)
    .version(manifest.version)
    .description("Borrow access to Amazon EKS clusters for a limited time, and lend it.")
    .option("--api <address>", "the API's address, without /v1 (default: TIMELATCH_API, config)")
    .option("--profile <name>", "profile of your configuration (default: TIMELATCH_PROFILE)")
    .option("--json", "print the API's JSON, and errors as JSON on standard error")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => screen.out.write(text),
      writeErr: (text) => screen.err.write(text),
      getOutHelpWidth: () => Math.min(screen.out.columns, HELP_COLUMNS),
      getErrHelpWidth: () => Math.min(screen.err.columns, HELP_COLUMNS),
      // An error is printed once, at the end, with what to do next.
      outputError: () => undefined,
    })
    .exitOverride()
    .showSuggestionAfterError(false) // Failures suggest by themselves.
    .addHelpText("after", (context) =>
      context.command.parent
        ? ""
        : `\nExit codes:\n${exitCodeLines().join("\n")}\n${examplesOf(name)}`,
    );
}

function addConfigCommands(program: Command, run: Run): void {
  const key = () => new Argument("<key>", "what is configured").choices(CONFIG_KEYS);
  const config = program.command("config").description("read and write your configuration file");
  config
    .command("get")
    .description("print one value, or all and where the file is")
    .addArgument(key().argOptional())
    .action((name: ConfigKey | undefined, _options: object, command: Command) =>
      getConfig(run(command), name),
    );
  config
    .command("set")
    .description(
      "write one value, into the profile that is named; flags and environment take precedence",
    )
    .addArgument(key())
    .argument("<value>", "for api: the address, without /v1; for role: the ARN of your own role")
    .action((name: ConfigKey, value: string, _options: object, command: Command) =>
      setConfig(run(command), name, value),
    );
  config
    .command("unset")
    .description("take one value out of the profile that is named")
    .addArgument(key())
    .action((name: ConfigKey, _options: object, command: Command) =>
      unsetConfig(run(command), name),
    );
  config
    .command("list")
    .description("print every value that counts, and where it comes from")
    .action((_options: object, command: Command) =>
      listConfig(run(command), command.optsWithGlobals<GlobalOptions>()),
    );
}

function addCompletionCommand(program: Command, run: Run, screen: Screen): void {
  program
    .command("completion")
    .description("print the script for completion in your shell")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: Shell) => {
      screen.out.write(completionScript(shell, commandTree(program)));
    });
  // The scripts run it in the background, so that completion itself never waits.
  program
    .command("refresh-completion", { hidden: true })
    .action((_options: object, command: Command) => refreshCompletions(run(command)));
}

/** `timelatch help audit export`: commander's own takes one name only. */
function addHelpCommand(program: Command): void {
  program.helpCommand(false);
  const named = new Argument("[command...]", "the command's name");
  // Only for completion: any other word is refused below.
  named.argChoices = program
    .createHelp()
    .visibleCommands(program)
    .map((each) => each.name());
  program
    .command("help")
    .description("show the help of a command")
    .addArgument(named)
    .action((names: readonly string[]) => {
      const found = names.reduce<Command | undefined>(
        (at, name) => at?.commands.find((command) => command.name() === name),
        program,
      );
      if (!found) program.error(`error: unknown command '${names.join(" ")}'`);
      found.outputHelp();
    });
}

const examplesOf = (name: string) => EXAMPLES.replace(/^ {2}timelatch /gm, `  ${name} `);

const EXAMPLES = `
Examples:
  timelatch config set api <address>
  timelatch whoami
  timelatch access
  timelatch request
  timelatch request -c prod -p edit -n payments-api -r "INC-4711 stuck rollout"
  timelatch approve
  timelatch return --latest
  timelatch console
  timelatch audit export --from 2026-10-01 --to 2027-01-01 --out q4.ndjson
  timelatch audit verify q4.ndjson
  timelatch audit report --from 2026-10-01 --to 2027-01-01 --format html --out q4.html
  timelatch findings

Your AWS credentials sign every call, as with the AWS CLI: AWS_PROFILE, SSO …
`;
