import type { ClusterArn } from "../../shared/domain/values/arn.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { awsIdentity } from "../api/aws-identity.ts";
import { roleSession } from "../aws/role-session.ts";
import type { SessionKeys } from "../aws/session-cache.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { KubeContext } from "../kubernetes/kubeconfig-file.ts";
import { clusterNamed, type LentCluster, lentClusters } from "../kubernetes/lent-cluster.ts";

export interface KubeconfigOptions {
  readonly print?: true;
  readonly role?: string;
  readonly ask?: true;
}

/** The variables with which kubectl starts `timelatch token`: the same person, at the same API. */
const KEPT = ["AWS_PROFILE", "TIMELATCH_PROFILE", "TIMELATCH_API", "TIMELATCH_ROLE"] as const;

/** `timelatch kubeconfig`: writes a context for one cluster, or for all of one's own. @throws Failure */
export async function kubeconfig(
  context: Context,
  name: string | undefined,
  { print, role, ask }: KubeconfigOptions,
): Promise<void> {
  const api = await context.api();
  const lent = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const clusters = name === undefined ? lentClusters(lent, role) : [clusterNamed(lent, name, role)];
  if (clusters.length === 0)
    throw new Failure("notFound", "no-cluster", {
      what: "No rule lends you anything on a cluster.",
      notDone: "Nothing was changed.",
      next: ["Next: see what you may ask for with timelatch access."],
    });
  const contexts = await Promise.all(clusters.map((cluster) => contextFor(context, cluster, ask)));
  if (!print) return addContexts(context, contexts);
  const { kubeconfigPath, withContexts } = await kubeconfigFile();
  context.screen.out.write(withContexts("", contexts, kubeconfigPath(context.env)));
}

/** It reads YAML, which commands that need none should not load. */
const kubeconfigFile = () => import("../kubernetes/kubeconfig-file.ts");

/** Writes contexts into the file that kubectl reads, and says so. @throws Failure where it cannot be written so */
export async function addContexts(
  context: Context,
  contexts: readonly KubeContext[],
): Promise<void> {
  const { kubeconfigPath, writeContexts } = await kubeconfigFile();
  const file = kubeconfigPath(context.env);
  await writeContexts(file, contexts);
  const names = contexts.map((one) => one.context);
  answer(context, { file, contexts: names }, () =>
    [
      `Wrote ${names.join(", ")} into ${file}. Nothing else in it was changed.`,
      "Use it:",
      ...names.map((one) => `  kubectl --context ${one} get pods`),
      "",
    ].join("\n"),
  );
}

/** A context of kubectl for a cluster. @throws Failure */
export async function contextFor(
  { env }: Context,
  one: LentCluster,
  ask: true | undefined,
): Promise<KubeContext> {
  const { name, arn, cluster, roleArn } = one;
  const { credentials } = await awsIdentity(cluster.region, env);
  const keys = await roleSession({
    roleArn,
    region: cluster.region,
    source: credentials,
    env,
  });
  const { server, certificateAuthority } = await describeCluster(cluster, keys);
  return {
    context: `timelatch-${name}`,
    server,
    certificateAuthority,
    args: ["token", "--cluster", name, "--arn", arn, "--role", roleArn, ...(ask ? ["--ask"] : [])],
    env: Object.fromEntries(KEPT.flatMap((key) => (env[key] ? [[key, env[key]]] : []))),
  };
}

/** Its endpoint, and its authority as PEM in base64. @throws Failure `refused` */
export async function describeCluster(
  { name, region }: Pick<ClusterArn, "name" | "region">,
  credentials: SessionKeys,
) {
  const { DescribeClusterCommand, EKSClient } = await import("@aws-sdk/client-eks");
  const eks = new EKSClient({ region, credentials: { ...credentials } });
  try {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
    const [server, certificateAuthority] = [cluster?.endpoint, cluster?.certificateAuthority?.data];
    if (!server || !certificateAuthority) throw new Error("EKS names no endpoint yet");
    return { server, certificateAuthority };
  } catch (error) {
    throw new Failure(
      "refused",
      "cluster-not-described",
      {
        what: `Cannot find the cluster ${name}: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
        notDone: "Nothing was changed.",
        next: ["Next: your role needs eks:DescribeCluster on the cluster."],
      },
      { cause: error },
    );
  } finally {
    eks.destroy();
  }
}
