/**
 * Keeps the parsed form of a large policy file, by the file's own bytes and those of this command. Below the
 * user's cache folder, and not beside the file: a pull request could bring one there that says something else.
 */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import {
  type LocatedPolicy,
  locateAccessPolicy,
} from "../../shared/policy-file/parse-access-policy.ts";
import type { ReadIncluded } from "../../shared/policy-file/people/included-people.ts";

/** Reads a policy, as `locateAccessPolicy` does. */
export type LocatePolicy = typeof locateAccessPolicy;

/** Characters. A smaller file is read about as fast as what is kept of it. */
const LEAST = 100_000;

/** A policy that was read, without what finds places in its text. */
interface Kept {
  readonly policy: LocatedPolicy["policy"];
  readonly reviews: readonly boolean[];
  /** Files that it includes, with the hash of what stood in them. */
  readonly included: readonly { readonly name: string; readonly hash: string }[];
}

/** @param code what tells one version of this command from another; nothing is kept without it */
export function keepingPolicies(
  env: Readonly<Record<string, string | undefined>>,
  code = codeHash(),
): LocatePolicy {
  if (code === undefined) return locateAccessPolicy;
  return (text, included) => {
    if (text.length < LEAST) return locateAccessPolicy(text, included);
    const file = path.join(folderOf(env), `${hashOf(`${code}\n${text}`)}.json`);
    const kept = readKept(file, included);
    return kept ? revived(kept, text, included) : keep(file, text, included);
  };
}

/** Places are asked for only where there is something to say about them. */
function revived(kept: Kept, text: string, included?: ReadIncluded): LocatedPolicy {
  let read: LocatedPolicy | undefined;
  return {
    policy: kept.policy,
    saysReview: (at) => kept.reviews[at] === true,
    placeOf: (fault) => {
      read ??= locateAccessPolicy(text, included);
      return read.placeOf(fault);
    },
  };
}

function keep(file: string, text: string, included?: ReadIncluded): LocatedPolicy {
  const read: { name: string; hash: string }[] = [];
  const noting: ReadIncluded | undefined =
    included &&
    ((name) => {
      const found = included(name);
      read.push({ name, hash: hashOf(found.text) });
      return found;
    });
  const located = locateAccessPolicy(text, noting);
  const { policy, saysReview } = located;
  const reviews = policy.rules.map((_rule, at) => saysReview(at));
  write(file, { policy, reviews, included: read });
  return located;
}

/** Without it, the policy is read again the next time. So a failure to write does not matter. */
function write(file: string, kept: Kept): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify(kept), { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
    removeOldest(path.dirname(file));
  } catch {
    return;
  }
}

/** Each change of a file leaves one behind. */
const MOST_KEPT = 8;

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const byAge = files
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .toSorted((a, b) => b.at - a.at);
  for (const { file } of byAge.slice(MOST_KEPT)) rmSync(file, { force: true });
}

/** Undefined where nothing is kept, or an included file has changed. */
function readKept(file: string, included?: ReadIncluded): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
    const isSame = kept.included.every(
      ({ name, hash }) => hashOf(included?.(name).text ?? "") === hash,
    );
    return isSame ? kept : undefined;
  } catch {
    return undefined;
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `$XDG_CACHE_HOME/timelatch/policies`, by default below `~/.cache`. */
function folderOf(env: Readonly<Record<string, string | undefined>>): string {
  const base = env["XDG_CACHE_HOME"];
  const cache =
    base && path.isAbsolute(base) ? base : path.join(env["HOME"] || homedir(), ".cache");
  return path.join(cache, "timelatch", "policies");
}

/** The folders of the code that reads policies, from the root of the sources. */
const READERS = ["shared/domain", "shared/policy-file"];

/** The hash of the code that reads policies: in its sources, or all of the packed command. */
function codeHash(main = process.argv[1]): string | undefined {
  try {
    if (main?.endsWith(".cjs")) return hashOf(readFileSync(main, "utf8"));
    if (!main?.endsWith(path.join("cli", "main.ts"))) return undefined;
    const root = path.dirname(path.dirname(main));
    const sources = READERS.flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(?:ts|json)$/.test(name))
        .sort()
        .map((name) => path.join(root, folder, name)),
    );
    return hashOf(sources.map((file) => readFileSync(file, "utf8")).join("\n"));
  } catch {
    return undefined;
  }
}
