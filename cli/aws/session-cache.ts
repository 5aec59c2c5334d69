/** Keeps sessions of assumed roles for as long as they are good, readable only by their owner. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys to sign with. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** ISO 8601 UTC; absent where it is not known. */
  readonly expiresAt?: string;
}

/** A session is not used in the last minutes of its life: a token must outlive what is done with it. */
const LEAST_LEFT_MS = 16 * 60_000;

/** `$XDG_CACHE_HOME/timelatch/sessions`, by default below `~/.cache`. */
function folderOf(env: Environment): string {
  const base = env["XDG_CACHE_HOME"];
  const folder =
    base && path.isAbsolute(base) ? base : path.join(env["HOME"] || homedir(), ".cache");
  return path.join(folder, "timelatch", "sessions");
}

/** A session belongs to the keys that it was made from: somebody else's never find it. */
const fileOf = (env: Environment, roleArn: string, sourceKeyId: string): string =>
  path.join(
    folderOf(env),
    `${createHash("sha256")
      .update(JSON.stringify([roleArn, sourceKeyId]))
      .digest("hex")}.json`,
  );

/** The session that is kept; undefined without one, or if it ends soon. */
export async function readSession(
  env: Environment,
  roleArn: string,
  sourceKeyId: string,
): Promise<SessionKeys | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(fileOf(env, roleArn, sourceKeyId), "utf8"));
    if (!isKept(kept)) return undefined;
    return Date.parse(kept.expiresAt) - Date.now() > LEAST_LEFT_MS ? kept : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Without a cache, the role is assumed again the next time. So a failure to write does not matter.
 */
export async function writeSession(
  env: Environment,
  roleArn: string,
  sourceKeyId: string,
  keys: SessionKeys,
): Promise<void> {
  const file = fileOf(env, roleArn, sourceKeyId);
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(keys), { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  } catch {
    return;
  }
}

/** Forgets the session that is kept. @returns whether there was one */
export async function forgetSession(
  env: Environment,
  roleArn: string,
  sourceKeyId: string,
): Promise<boolean> {
  try {
    await rm(fileOf(env, roleArn, sourceKeyId));
    return true;
  } catch {
    return false;
  }
}

function isKept(value: unknown): value is SessionKeys & { readonly expiresAt: string } {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return ["accessKeyId", "secretAccessKey", "sessionToken", "expiresAt"].every(
    (name) => typeof members[name] === "string",
  );
}
