/** Finds the AWS CLI, kubectl and `script` on this machine, and checks that they run. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { awsCommand } from "../kubernetes/kubeconfig.ts";
import type { Outcome } from "./run-client.ts";

export interface InstalledClients {
  /** The program of the AWS CLI, version 2; undefined if it is not installed. */
  readonly aws: string | undefined;
  /** The program of kubectl; undefined if it is not installed. */
  readonly kubectl: string | undefined;
  /** Whether `script` of util-linux is installed, which gives a command a terminal. */
  readonly script: boolean;
  /** One sentence for each missing client: what the demo does instead. */
  readonly notes: readonly string[];
}

/** @param searched a list of folders, as in `PATH` */
function isOnPath(name: string, searched: string): boolean {
  return searched.split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}

/** Runs a program and answers its outcome; undefined where it cannot be started. */
export type Try = (program: string, args: readonly string[]) => Promise<Outcome | undefined>;

const answersAs = (outcome: Outcome | undefined, pattern: RegExp): boolean =>
  outcome?.code === 0 && pattern.test(outcome.stdout);

/** Looks for aws, kubectl and script on the path, and runs each with its version flag. */
export async function findClients(searched: string, run: Try): Promise<InstalledClients> {
  const found = async (name: string, program: string, args: readonly string[], shows: RegExp) =>
    isOnPath(name, searched) && answersAs(await run(program, args), shows) ? program : undefined;
  const [aws, kubectl, script] = await Promise.all([
    found("aws", awsCommand(), ["--version"], /^aws-cli\/2\./),
    found("kubectl", "kubectl", ["version", "--client"], /^Client Version/m),
    found("script", "script", ["--version"], /util-linux/),
  ]);
  const notes = [
    aws === undefined ? "No AWS CLI 2 on the PATH: the demo calls EKS through the AWS SDK." : [],
    kubectl === undefined
      ? "No kubectl on the PATH: the demo calls the Kubernetes API directly."
      : [],
    script === undefined
      ? "No script of util-linux on the PATH: the demo leaves the console out, which needs a terminal."
      : [],
  ].flat();
  return { aws, kubectl, script: script !== undefined, notes };
}
