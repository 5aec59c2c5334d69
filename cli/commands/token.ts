import { parseClusterArn } from "../../shared/domain/values/arn.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { awsIdentity } from "../api/aws-identity.ts";
import { roleSession } from "../aws/role-session.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { clusterToken } from "../kubernetes/cluster-token.ts";
import { isFirstOfKubectl, kubectlIsInteractive } from "../kubernetes/kubectl-run.ts";
import { clusterNamed, type LentCluster } from "../kubernetes/lent-cluster.ts";
import { type Missing, missingGrant } from "../kubernetes/live-grant.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface TokenOptions {
  /** By its name in `access.yaml`. */
  readonly cluster: string;
  readonly arn?: string;
  readonly role?: string;
  readonly ask?: true;
}

/**
 * `timelatch token`: what kubectl needs to sign in, on standard output. Where nothing is lent now, it
 * says so beside it, since Kubernetes will only say `Unauthorized`. With `--ask`, somebody at a terminal may
 * ask for it there. @throws Failure
 */
export async function token(context: Context, options: TokenOptions): Promise<void> {
  const { roleArn, cluster } = await meant(context, options);
  const { region } = cluster;
  const keysNow = async () => {
    const { credentials } = await awsIdentity(region, context.env);
    return roleSession({ roleArn, region, source: credentials, env: context.env });
  };
  const [early, missing] = await Promise.all([
    keysNow(),
    missingGrant(() => context.api(), options.cluster, context.now()),
  ]);
  const isAsked = missing !== undefined && (await remarkOn(context, options, missing));
  // Approval may take as long as a session lasts.
  const keys = isAsked ? await keysNow() : early;
  const credential = await clusterToken(keys, {
    cluster: cluster.name,
    region,
    now: context.now(),
  });
  context.screen.out.write(`${JSON.stringify(credential)}\n`);
}

/** Says what is missing, once to each kubectl. @returns whether somebody could ask for it here */
async function remarkOn(
  context: Context,
  { cluster, ask }: TokenOptions,
  { text, canAsk }: Missing,
): Promise<boolean> {
  const { screen, env } = context;
  if (!(await isFirstOfKubectl(env, cluster))) return false;
  screen.err.write(wrapLines(text, screen.err.columns));
  if (!ask || !canAsk || !screen.interactive || !kubectlIsInteractive(env)) return false;
  // It loads the questions, which a token by itself does not need.
  const { offerRequest } = await import("../kubernetes/offer-request.ts");
  await offerRequest(context, cluster);
  return true;
}

/** Where everything is said, nobody is asked. */
async function meant(
  context: Context,
  { cluster: name, arn, role }: TokenOptions,
): Promise<Pick<LentCluster, "cluster" | "roleArn">> {
  const cluster = arn === undefined ? undefined : parseClusterArn(arn);
  if (arn !== undefined && !cluster)
    throw new Failure("usage", "cluster-arn", {
      what: `"${arn}" is not the ARN of an EKS cluster.`,
      notDone: "Nothing was sent.",
      next: ["Next: write arn:aws:eks:<region>:<account>:cluster/<name>, or leave --arn out."],
    });
  if (cluster && role !== undefined) return { cluster, roleArn: role };
  const api = await context.api();
  const lent = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const found = clusterNamed(lent, name, role);
  return cluster ? { ...found, cluster } : found;
}
