/** The environment in which the demo's clients run. */
import path from "node:path";
import type { SandboxAddresses } from "../stack/start.ts";

/** This machine's environment, without what would lead clients to another account or cluster. */
export function clientEnvironment(
  env: NodeJS.ProcessEnv,
  { apiUrl, awsConfigFile, awsCredentialsFile, kubeconfig }: SandboxAddresses,
  dir: string,
): NodeJS.ProcessEnv {
  const foreign = /^(AWS_|TIMELATCH_|KUBE|https?_proxy$|all_proxy$)/i;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    TIMELATCH_API: apiUrl,
    AWS_CONFIG_FILE: awsConfigFile,
    AWS_SHARED_CREDENTIALS_FILE: awsCredentialsFile,
    AWS_PAGER: "",
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: path.join(dir, "kube-cache"),
  };
}
