/** Facts about the kubectl that asks for a token. */
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Within this time, the same parent process is the same kubectl. */
const SAME_RUN_MS = 120_000;

/**
 * Whether somebody can be asked: kubectl says so of its standard input, which it may need itself.
 * Without kubectl, only the terminal decides.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function kubectlIsInteractive(env: Environment): boolean {
  const info = env["KUBERNETES_EXEC_INFO"];
  if (!info) return true;
  try {
    const { spec } = JSON.parse(info) as { readonly spec?: { readonly interactive?: unknown } };
    return spec?.interactive === true;
  } catch {
    return false;
  }
}

/**
 * Whether this kubectl asks for the cluster's token for the first time. It asks again after each refusal,
 * and nobody wants to read or answer the same several times. Where that cannot be kept, each is the first.
 *
 * @param cluster its name in `access.yaml`
 * @param parent kubectl's process
 */
export async function isFirstOfKubectl(
  env: Environment,
  cluster: string,
  parent: number = process.ppid,
): Promise<boolean> {
  if (!env["KUBERNETES_EXEC_INFO"]) return true;
  const file = fileOf(env, cluster);
  try {
    const [before, { mtimeMs }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    if (before === String(parent) && Date.now() - mtimeMs < SAME_RUN_MS) return false;
  } catch {
    // Nobody has asked yet.
  }
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    .then(() => writeFile(file, String(parent), { mode: 0o600 }))
    .catch(() => undefined);
  return true;
}

/** One a cluster, so that they do not grow in number: `$XDG_CACHE_HOME/timelatch/kubectl/…`. */
function fileOf(env: Environment, cluster: string): string {
  const base = env["XDG_CACHE_HOME"];
  const folder =
    base && path.isAbsolute(base) ? base : path.join(env["HOME"] || homedir(), ".cache");
  const name = createHash("sha256").update(cluster).digest("hex").slice(0, 32);
  return path.join(folder, "timelatch", "kubectl", name);
}
