import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { Failure } from "../failures/failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the configuration file holds. */
export interface Config {
  /** The API's address, without `/v1`. */
  readonly api?: string;
  /** The role under which every call is signed. */
  readonly role?: string;
}

export const CONFIG_KEYS = ["api", "role"] as const satisfies readonly (keyof Config)[];
export type ConfigKey = (typeof CONFIG_KEYS)[number];

/**
 * `$XDG_CONFIG_HOME/timelatch/config.json`, by default below `~/.config`.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function configPath(env: Environment): string {
  const base = env["XDG_CONFIG_HOME"];
  const folder = base && path.isAbsolute(base) ? base : path.join(homeOf(env), ".config");
  return path.join(folder, "timelatch", "config.json");
}

const homeOf = (env: Environment) => env["HOME"] || homedir();

/** The configuration; empty where there is no file. @throws Failure `usage` for a broken file */
export async function readConfig(env: Environment): Promise<Config> {
  const file = configPath(env);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "{}";
    throw broken(file, error.message);
  });
  const value = parsed(file, text);
  return Object.fromEntries(
    CONFIG_KEYS.flatMap((key) => {
      const found = value[key];
      if (found === undefined) return [];
      if (typeof found !== "string") throw broken(file, `\`${key}\` is not a string`);
      return [[key, found]];
    }),
  );
}

function parsed(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(file, "it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(file, "it is not a JSON object");
  return value as Readonly<Record<string, unknown>>;
}

/** Writes the whole configuration; the file appears complete or stays as it was. */
export async function writeConfig(env: Environment, config: Config): Promise<string> {
  const file = configPath(env);
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    throw new Failure(
      "usage",
      "cannot-write-config",
      {
        happened: `Cannot write ${file}: ${error instanceof Error ? error.message : error}.`,
        undone: "Nothing was changed.",
        next: ["Next: set XDG_CONFIG_HOME to a folder that you may write to."],
      },
      { cause: error },
    );
  }
  return file;
}

const broken = (file: string, why: string) =>
  new Failure("usage", "broken-config", {
    happened: `Cannot read the configuration file ${file}: ${why}.`,
    undone: "Nothing was sent.",
    next: ["Next: correct the file, or delete it and run timelatch config set api <address>."],
  });
