/** The commands that bring kubectl to a cluster. */
import type { Command } from "commander";
import type { ExecOptions } from "../commands/exec.ts";
import type { KubeconfigOptions } from "../commands/kubeconfig.ts";
import { type TokenOptions, token } from "../commands/token.ts";
import type { Context } from "../context.ts";
import { accessOptions, yesOption } from "./options.ts";

type Run = (command: Command) => Context;

const ROLE = "the role that access is lent to (default: yours in the cluster's account)";

export function addKubernetesCommands(program: Command, run: Run): void {
  addExecCommand(program, run);
  program
    .command("kubeconfig")
    .description("write a context for kubectl, which asks timelatch for its token")
    .argument("[cluster]", "by its name in access.yaml (default: every cluster of your rules)")
    .option("--print", "print it, and write nothing")
    .option("--ask", "kubectl offers to ask where no access is lent, at a terminal")
    .option("--role <arn>", ROLE)
    .action(async (name: string | undefined, options: KubeconfigOptions, command: Command) => {
      const { kubeconfig } = await import("../commands/kubeconfig.ts");
      return kubeconfig(run(command), name, options);
    });
  program
    .command("token")
    .description("print a token for kubectl, which runs this by itself")
    .requiredOption("-c, --cluster <name>", "cluster, by its name in access.yaml")
    .option("--arn <arn>", "the cluster's ARN (default: as access.yaml has it)")
    .option("--role <arn>", ROLE)
    .option("--ask", "offer to ask where no access is lent, at a terminal, and wait for it")
    .action((options: TokenOptions, command: Command) => token(run(command), options));
}

function addExecCommand(program: Command, run: Run): void {
  const command = program
    .command("exec")
    .description("run a command while access is lent: ask or use it, wait, and return it after")
    .argument("<cluster>", "by its name in access.yaml")
    .argument(
      "<command...>",
      "behind --: the program and its arguments; kubectl finds the cluster",
    );
  yesOption(accessOptions(command))
    .option("--timeout <duration>", "stop waiting for access after this time, such as 90s or 10m")
    .option("--keep", "return nothing: what was asked for lasts until its own end")
    .action(async (name: string, words: readonly string[], options: ExecOptions, self: Command) => {
      const { exec } = await import("../commands/exec.ts");
      return exec(run(self), name, words, options);
    });
}
