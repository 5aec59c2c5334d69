/** Which of the clients that people use with EKS are on this machine, and work. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { awsCommand } from "../kubernetes/kubeconfig.ts";
import type { Outcome } from "./run-client.ts";

export interface InstalledClients {
  /** How to call the AWS CLI, version 2; undefined where there is none. */
  readonly aws: string | undefined;
  /** How to call kubectl; undefined where there is none, or no AWS CLI to give it a token. */
  readonly kubectl: string | undefined;
  /** What is missing, and what happens in its place. */
  readonly notes: readonly string[];
}

/** Whether a program of this name is on the path. */
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

/** Looks for aws and kubectl by the path, and asks each for its version. */
export async function findClients(searched: string, run: Try): Promise<InstalledClients> {
  const found = async (name: string, program: string, args: readonly string[], shows: RegExp) =>
    isOnPath(name, searched) && answersAs(await run(program, args), shows) ? program : undefined;
  const [aws, kubectl] = await Promise.all([
    found("aws", awsCommand(), ["--version"], /^aws-cli\/2\./),
    found("kubectl", "kubectl", ["version", "--client"], /^Client Version/m),
  ]);
  const notes = [
    aws === undefined
      ? "There is no AWS CLI 2 on the PATH: EKS is asked directly, through the AWS SDK."
      : [],
    kubectl === undefined
      ? "There is no kubectl on the PATH: the Kubernetes API is asked directly."
      : aws === undefined
        ? "kubectl takes its token from the AWS CLI: the Kubernetes API is asked directly."
        : [],
  ].flat();
  return { aws, kubectl: aws === undefined ? undefined : kubectl, notes };
}
