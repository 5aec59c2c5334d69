/** The demo's questions to EKS: through the AWS CLI, or through the SDK without it. */
import {
  AssociateAccessPolicyCommand,
  type EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { type Association, policyTexts } from "./access-entry.ts";
import type { Exchange } from "./exchange.ts";
import type { Outcome } from "./run-client.ts";
import { StepFailed } from "./steps.ts";

export interface EksCaller {
  readonly person: string;
  /** The AWS CLI's program; undefined if this machine lacks it. */
  readonly aws: string | undefined;
  /** Runs a program as the person. */
  readonly run: (program: string, args: readonly string[]) => Promise<Outcome>;
  /** An SDK client with the person's keys. */
  readonly client: EKSClient;
}

/** One operation of EKS, in both forms. */
export interface EksQuestion<Value> {
  /** The words after `aws eks`. */
  readonly command: readonly string[];
  /** The question in words, where the SDK asks it. */
  readonly operation: string;
  readonly send: (client: EKSClient) => Promise<unknown>;
  readonly read: (output: unknown) => Value;
  readonly show: (value: Value) => readonly string[];
}

/** Throws {@link StepFailed} where the AWS CLI fails. */
export async function askEks<Value>(
  { person, aws, run, client }: EksCaller,
  { command, operation, send, read, show }: EksQuestion<Value>,
): Promise<Exchange<Value>> {
  if (aws === undefined) {
    const value = read(await send(client));
    return { command: `${person} asks EKS: ${operation}`, output: show(value), value };
  }
  const words = ["eks", ...command];
  const outcome = await run(aws, [...words, "--output", "json"]);
  if (outcome.code !== 0)
    throw new StepFailed(`aws ${words.join(" ")} failed: ${outcome.stderr.trim()}`);
  const value = read(JSON.parse(outcome.stdout));
  return { person, command: ["aws", ...words], output: show(value), value };
}

/** The ARNs of the principals that have an entry. */
export const principals = (clusterName: string): EksQuestion<readonly string[]> => ({
  command: ["list-access-entries", "--cluster-name", clusterName],
  operation: `ListAccessEntries of ${clusterName}`,
  send: (client) => client.send(new ListAccessEntriesCommand({ clusterName })),
  read: (output) => (output as { accessEntries: readonly string[] }).accessEntries,
  show: (arns) => [arns.map((arn) => arn.slice(arn.indexOf(":role/") + 6)).join(", ")],
});

/** The policies on a person's entry, as {@link policyTexts}. */
export const associatedPolicies = (
  clusterName: string,
  person: string,
  principalArn: string,
): EksQuestion<readonly string[]> => ({
  command: [
    ...["list-associated-access-policies", "--cluster-name", clusterName],
    ...["--principal-arn", principalArn],
  ],
  operation: `ListAssociatedAccessPolicies of ${person} on ${clusterName}`,
  send: (client) =>
    client.send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn })),
  read: (output) =>
    policyTexts(
      (output as { associatedAccessPolicies: readonly Association[] }).associatedAccessPolicies,
    ),
  show: (policies) => policies,
});

const ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy";
const NAMESPACE = "kube-system";

/** Lends AmazonEKSAdminPolicy in kube-system, around Timelatch. */
export const associateKubeSystem = (
  clusterName: string,
  principalArn: string,
): EksQuestion<readonly string[]> => ({
  command: [
    ...["associate-access-policy", "--cluster-name", clusterName],
    ...["--principal-arn", principalArn, "--policy-arn", ADMIN_POLICY],
    ...["--access-scope", `type=namespace,namespaces=${NAMESPACE}`],
  ],
  operation: `AssociateAccessPolicy for ${principalArn} on ${clusterName}`,
  send: (client) =>
    client.send(
      new AssociateAccessPolicyCommand({
        clusterName,
        principalArn,
        policyArn: ADMIN_POLICY,
        accessScope: { type: "namespace", namespaces: [NAMESPACE] },
      }),
    ),
  read: (output) =>
    policyTexts([
      (output as { readonly associatedAccessPolicy: Association }).associatedAccessPolicy,
    ]),
  show: (policies) => policies,
});
