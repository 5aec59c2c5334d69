/** Asks a cluster whether a person may do something: through kubectl, or directly without it. */
import { REGION } from "../world/account.ts";
import { type AccessAnswer, type Action, type ApiServer, reviewAccess } from "./access-review.ts";
import { answerLines, canIAnswer } from "./client-output.ts";
import type { Exchange } from "./exchange.ts";
import { type Keys, mintToken } from "./kubernetes-token.ts";
import type { Outcome } from "./run-client.ts";
import { StepFailed } from "./steps.ts";

export interface KubectlCaller {
  readonly person: string;
  readonly cluster: string;
  /** The program. */
  readonly kubectl: string;
  /** Runs a program as the person. */
  readonly run: (program: string, args: readonly string[]) => Promise<Outcome>;
}

/** `kubectl auth can-i`. Throws {@link StepFailed} where it prints no answer. */
export async function askKubectl(
  { person, cluster, kubectl, run }: KubectlCaller,
  { verb, resource, namespace }: Action,
): Promise<Exchange<AccessAnswer>> {
  const args = [
    "auth",
    "can-i",
    verb,
    resource,
    "-n",
    namespace,
    "--context",
    `timelatch-${cluster}`,
  ];
  const outcome = await run(kubectl, args);
  const value = canIAnswer(outcome);
  if (value === undefined)
    throw new StepFailed(
      `kubectl ${args.join(" ")} gave no answer: ${outcome.stderr.trim() || outcome.stdout.trim()}`,
    );
  return {
    person,
    command: ["kubectl", ...args],
    output: value === "unauthorized" ? answerLines(outcome, 1) : [value],
    value,
  };
}

export interface DirectCaller {
  readonly person: string;
  readonly cluster: string;
  readonly server: ApiServer;
  readonly stsUrl: string;
  readonly keys: Keys;
}

/** The same question, put to the Kubernetes API. */
export async function askKubernetes(
  { person, cluster, server, stsUrl, keys }: DirectCaller,
  action: Action,
): Promise<Exchange<AccessAnswer>> {
  const { verb, resource, namespace } = action;
  const token = await mintToken(keys, { cluster, stsUrl, region: REGION });
  const value = await reviewAccess(server, token, action);
  return {
    command: `${person} asks Kubernetes: may I ${verb} ${resource} in ${namespace}?`,
    output: [value],
    value,
  };
}
