/** The commands of whoever deploys Timelatch. Each loads what it needs when it runs. */
import { type Command, Option } from "commander";
import type { DeployOptions } from "../commands/deploy.ts";
import type { DestroyOptions } from "../commands/destroy.ts";
import type { InitOptions } from "../commands/init.ts";
import type { ProtectOptions } from "../commands/protect.ts";
import type { RestoreOptions } from "../commands/restore.ts";
import type { SynthOptions } from "../commands/synth.ts";
import type { Context } from "../context.ts";
import { QUESTIONS } from "../deployment/questions.ts";
import { gather, yesOption } from "./options.ts";

type Run = (command: Command) => Context;

const ABOUT_INIT = `
It asks for what no option says, and writes access.yaml, people.yaml,
access.test.yaml, timelatch.config.yaml and a small CDK app. It overwrites
nothing, and changes nothing in AWS.
`;

const UNDRAINED = "take ledger and requests table although something may be lent";
const PROFILE = "profile of AWS of an admin or auditor, to ask the API with";

const ABOUT_DEPLOY = `
It refuses a policy whose expectations do not hold, as timelatch policy test
finds them. Then it runs the CDK command that the folder's package.json pins,
with your AWS credentials. In other accounts it works under the roles of CDK's
bootstrap. It ends with what became of each stack.

A cluster that is retired leaves only once the API says that nothing is lent
there. The ledger and the requests table both become others only once it says
that the broker is drained and nothing is lent.
`;

const ABOUT_RESTORE = `
A table that DynamoDB restores to an instant is a new one, without time to live,
point-in-time recovery, deletion protection and tags. This gives it what it
lacks, and says how the broker takes it. First read
timelatch docs runbook#restore-a-table: nothing may be lent meanwhile. Where
ledger and requests table both are restored, it asks the API, and refuses unless
the broker is drained and nothing is lent.
`;

const ABOUT_PROTECT = `
Terraform has no argument for it, so run this after each apply. timelatch deploy
protects by itself what ends access. With --off it refuses while the broker is
not drained, or a grant lives, as timelatch destroy does.
`;

const ABOUT_DESTROY = `
Drain the broker first: timelatch drain. It refuses while a grant lives. Tables,
keys and the archive stay. It ends with the access entries that are still
tagged: there should be none.

With --account it deletes the stacks of an account, or of regions of it, that
left access.yaml. The broker is not drained for that. It refuses while anything
is lent there.
`;

export function addDeployingCommands(program: Command, run: Run): void {
  addInit(program, run);
  inFolder(program.command("synth"))
    .description("make the stacks of a deployment, and show them; needs no network")
    .option(
      "--execution-policies <folder>",
      "also write, for each account, a template of what CloudFormation needs, in place of administrator's rights",
    )
    .option("--terraform", "also write templates, code and a manifest for the Terraform module")
    .addOption(
      new Option("--out <folder>", "where to write that (default: cdk.out/terraform)").implies({
        terraform: true,
      }),
    )
    .action(async (folder: string, options: SynthOptions, command: Command) => {
      const { synth } = await import("../commands/synth.ts");
      return synth(run(command), folder, options);
    });
  yesOption(inFolder(program.command("deploy")))
    .description("test the policy, show what changes in IAM, ask, and deploy every stack")
    .option(
      "--without-policy-test",
      "deploy even if an expectation of access.test.yaml does not hold",
    )
    .option("--admin-profile <name>", PROFILE)
    .option("--drain", "end what is lent on clusters that leave, wait for it, and then deploy")
    .option("--undrained", UNDRAINED)
    .addHelpText("after", ABOUT_DEPLOY)
    .action(async (folder: string, options: DeployOptions, command: Command) => {
      const { deploy } = await import("../commands/deploy.ts");
      return deploy(run(command), folder, options);
    });
  addProtect(program, run);
  addDestroy(program, run);
}

function addProtect(program: Command, run: Run): void {
  yesOption(inFolder(program.command("protect")))
    .description("have CloudFormation refuse to delete the stacks of a deployment")
    .option("--off", "let them be deleted again, once nothing is lent")
    .option(
      "--account <account=profile>",
      "a profile with which another account is reached; may be repeated",
      gather,
    )
    .option("--admin-profile <name>", PROFILE)
    .option("--without-api", "with --off: the API is gone, and is not asked")
    .addHelpText("after", ABOUT_PROTECT)
    .action(async (folder: string, options: ProtectOptions, command: Command) => {
      const { protect } = await import("../commands/protect.ts");
      return protect(run(command), folder, options);
    });
}

function addDestroy(program: Command, run: Run): void {
  yesOption(inFolder(program.command("destroy")))
    .description("delete every stack of a deployment, once nothing is lent")
    .option("--admin-profile <name>", PROFILE)
    .addOption(
      new Option(
        "--account <id>",
        "delete only what this account has, which left access.yaml; <id>=<profile> with a profile of it",
      ).conflicts("withoutApi"),
    )
    .addOption(
      new Option(
        "--region <region>",
        "with --account: a region that is not on record; may be repeated",
      ).argParser(gather),
    )
    .option("--without-api", "the API is gone: the clusters' access entries alone say what is lent")
    .addHelpText("after", ABOUT_DESTROY)
    .action(async (folder: string, options: DestroyOptions, command: Command) => {
      const { account } = options;
      if (account !== undefined) {
        const { destroyAccount } = await import("../commands/destroy-account.ts");
        return destroyAccount(run(command), folder, { ...options, account });
      }
      const { destroy } = await import("../commands/destroy.ts");
      return destroy(run(command), folder, options);
    });
  inFolder(program.command("restore"))
    .description("prepare restored tables, so that the broker can take them")
    .addOption(
      new Option(
        "--table <holds=name>",
        "ledger=NAME, requests=NAME or audit=NAME; may be repeated",
      )
        .argParser(gather)
        .makeOptionMandatory(),
    )
    .option("--admin-profile <name>", PROFILE)
    .option("--undrained", UNDRAINED)
    .addHelpText("after", ABOUT_RESTORE)
    .action(async (folder: string, options: RestoreOptions, command: Command) => {
      const { restore } = await import("../commands/restore.ts");
      return restore(run(command), folder, options);
    });
}

const inFolder = (command: Command): Command =>
  command.argument("[folder]", "what timelatch init wrote", ".");

function addInit(program: Command, run: Run): void {
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
