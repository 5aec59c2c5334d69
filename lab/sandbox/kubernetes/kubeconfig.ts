/** A kubeconfig for the sandbox's clusters: one context a cluster, named as the cluster. */
import { existsSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";

interface KubeconfigCluster {
  readonly name: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM. */
  readonly certificate: string;
}

export interface KubeconfigOptions {
  readonly clusters: readonly KubeconfigCluster[];
  /** The AWS CLI to run; see {@link awsCommand}. */
  readonly command: string;
  /** Variables for the AWS CLI, such as AWS_CONFIG_FILE. AWS_PROFILE is inherited, so leave it out. */
  readonly environment?: Readonly<Record<string, string>>;
}

const SYSTEM_AWS = "/usr/bin/aws";

/** The system's AWS CLI if there is one, since another program may be called `aws` on the path. */
export const awsCommand = (exists: (path: string) => boolean = existsSync): string =>
  exists(SYSTEM_AWS) ? SYSTEM_AWS : "aws";

const INSTALL_HINT =
  "kubectl asks the AWS CLI for a token and did not find it. Install AWS CLI version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";

/**
 * The kubeconfig's text, with the members that `aws eks update-kubeconfig` writes. The first
 * cluster is the current context.
 */
export function kubeconfig({ clusters, command, environment = {} }: KubeconfigOptions): string {
  const env = Object.entries(environment).map(([name, value]) => ({ name, value }));
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": clusters[0]?.name ?? "",
      preferences: {},
      clusters: clusters.map(({ name, server, certificate }) => ({
        name,
        cluster: {
          server,
          "certificate-authority-data": Buffer.from(certificate).toString("base64"),
        },
      })),
      contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
      users: clusters.map(({ name }) => ({
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command,
            args: ["eks", "get-token", "--cluster-name", name, "--output", "json"],
            env: env.length === 0 ? null : env,
            installHint: INSTALL_HINT,
            interactiveMode: "IfAvailable",
            provideClusterInfo: false,
          },
        },
      })),
    },
    { lineWidth: 0 },
  );
}

/** Writes a kubeconfig that only its owner can read, as kubectl wants it. */
export function writeKubeconfig(path: string, options: KubeconfigOptions): void {
  writeFileSync(path, kubeconfig(options), { mode: 0o600 });
}
