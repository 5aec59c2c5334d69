/** The environment in which the clients of a person of the demo run. */
import path from "node:path";
import type { SandboxAddresses } from "../stack/start.ts";

const COMMAND_FOLDER = path.resolve(import.meta.dirname, "../../../cli");

/** This machine's environment as a person's, without what would lead clients to another account or cluster. */
export function clientEnvironment(
  env: NodeJS.ProcessEnv,
  { apiUrl, outsideUrl, awsConfigFile, awsCredentialsFile, people }: SandboxAddresses,
  dir: string,
  person: string,
): NodeJS.ProcessEnv {
  const foreign = /^(AWS_|TIMELATCH_|KUBE|https?_proxy$|all_proxy$)/i;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    TIMELATCH_API: apiUrl,
    TIMELATCH_OUTSIDE_ORIGIN: `${outsideUrl}/`,
    AWS_CONFIG_FILE: awsConfigFile,
    AWS_SHARED_CREDENTIALS_FILE: awsCredentialsFile,
    AWS_PAGER: "",
    KUBECACHEDIR: path.join(dir, "kube-cache"),
    XDG_CACHE_HOME: path.join(dir, "cache"),
    // kubectl looks for `timelatch` there.
    PATH: [COMMAND_FOLDER, env["PATH"]].join(path.delimiter),
    ...people[person],
  };
}
