/** Values for completion that only the API knows, kept in files that the shell reads by itself. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import { grantsOf, requestsOf } from "../api/lists.ts";
import type { Context } from "../context.ts";
import { shortIds } from "../text/short-ids.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** One file each; a line is a value. */
export const CACHED = ["clusters", "policies", "namespaces", "groups", "rules", "ids"] as const;
export type Cached = (typeof CACHED)[number];

/**
 * The folder for one AWS profile, one API and one profile of ours, under the user's cache folder. The completion scripts
 * build the same path.
 */
export function cacheFolder(env: Environment): string {
  const base = env["XDG_CACHE_HOME"];
  const cache =
    base && path.isAbsolute(base) ? base : path.join(env["HOME"] || homedir(), ".cache");
  const key = ["AWS_PROFILE", "TIMELATCH_API", "TIMELATCH_PROFILE"]
    .map((name) => env[name] ?? "")
    .join("@");
  return path.join(cache, "timelatch", key.replace(/[^A-Za-z0-9.-]/g, "_"));
}

/** Shells expand completion words, so only plain ones are written. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** `timelatch refresh-completion`: asks the API and replaces the files. @throws Failure */
export async function refreshCompletions(context: Context): Promise<void> {
  const api = await context.api();
  const [access, ...lists] = await Promise.all([
    api.send<AccessAnswer>({ method: "GET", path: "/v1/access" }),
    requestsOf(api, "mine"),
    requestsOf(api, "to-approve"),
    grantsOf(api),
  ]);
  const ids = shortIds([...new Set(lists.flat().map(({ id }) => id))]);
  const values: Readonly<Record<Cached, readonly string[]>> = {
    ...valuesOf(access.rules),
    ids: [...ids.values()],
  };
  const folder = cacheFolder(context.env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of CACHED) {
    const lines = [...new Set(values[name])].filter((value) => PLAIN.test(value)).sort();
    const draft = path.join(folder, `.${name}.${process.pid}`);
    await writeFile(draft, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    await rename(draft, path.join(folder, name));
  }
}

function valuesOf(
  rules: readonly AccessRuleAnswer[],
): Readonly<Record<Exclude<Cached, "ids">, readonly string[]>> {
  const accesses = rules.map(({ access }) => access);
  return {
    clusters: rules.flatMap(({ clusters }) => clusters),
    policies: accesses.flatMap((access) => ("policies" in access ? access.policies : [])),
    // The certain part of a pattern: somebody goes on from there.
    namespaces: accesses
      .flatMap((access) => ("namespaces" in access ? access.namespaces : []))
      .map((pattern) => pattern.replace(/\*.*$/, "")),
    groups: accesses.flatMap((access) => ("groups" in access ? access.groups : [])),
    rules: rules.map(({ rule }) => rule),
  };
}
