import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { profileOf } from "./config-profile.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The values of one profile of the configuration file. */
export interface Config {
  /** The API's address, without `/v1`. */
  readonly api?: string;
  /** The role under which every call is signed. */
  readonly role?: string;
}

export const CONFIG_KEYS = ["api", "role"] as const satisfies readonly (keyof Config)[];
export type ConfigKey = (typeof CONFIG_KEYS)[number];

/** The whole file: what holds where no profile is named, and the named profiles. */
export interface ConfigFile extends Config {
  readonly profiles: Readonly<Record<string, Config>>;
}

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

/** The file; empty if it does not exist. @throws Failure `usage` for a broken file */
export async function readConfigFile(env: Environment): Promise<ConfigFile> {
  const file = configPath(env);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "{}";
    throw broken(file, fileErrorWords(error));
  });
  const value = parsed(file, text);
  const named = objectIn(file, value["profiles"] ?? {}, "`profiles`");
  const profiles = Object.entries(named).map(([name, profile]): [string, Config] => [
    name,
    valuesIn(file, objectIn(file, profile, `the profile ${name}`)),
  ]);
  return { ...valuesIn(file, value), profiles: Object.fromEntries(profiles) };
}

/**
 * The values of the profile that `TIMELATCH_PROFILE` names; else those outside of profiles. A profile
 * takes nothing from outside: a role of another deployment could not call its API.
 *
 * @throws Failure `usage` for a broken file; `notFound` for a profile that is not in it
 */
export async function readConfig(env: Environment): Promise<Config> {
  const profile = profileOf(env);
  const { profiles, ...rest } = await readConfigFile(env);
  if (profile === undefined) return rest;
  const found = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (found) return found;
  const known = Object.keys(profiles).sort();
  throw new Failure("notFound", "no-such-config-profile", {
    what: `There is no profile ${profile} in ${configPath(env)}.${meantText(profile, known)}`,
    notDone: "Nothing was sent.",
    findings: known.length > 0 ? [`Profiles: ${known.join(", ")}`] : [],
    next: [
      `Next: make it with timelatch config set api <address> --profile ${profile}.`,
      "For a profile of AWS, set AWS_PROFILE.",
    ],
  });
}

const valuesIn = (file: string, value: Readonly<Record<string, unknown>>): Config =>
  Object.fromEntries(
    CONFIG_KEYS.flatMap((key) => {
      const found = value[key];
      if (found === undefined) return [];
      if (typeof found !== "string") throw broken(file, `\`${key}\` is not a string`);
      return [[key, found]];
    }),
  );

function parsed(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(file, "it is not JSON");
  }
  return objectIn(file, value, "it");
}

function objectIn(file: string, value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(file, `${what} is not a JSON object`);
  return value as Readonly<Record<string, unknown>>;
}

/**
 * Sets one value in the profile that `TIMELATCH_PROFILE` names, else outside of profiles; all else
 * stays. The file appears complete or stays as it was.
 *
 * @param value undefined takes the value out, and a profile without values with it
 * @returns the file's path
 * @throws Failure `usage`
 */
export async function setInConfig(
  env: Environment,
  key: ConfigKey,
  value: string | undefined,
): Promise<string> {
  const profile = profileOf(env);
  const { profiles, ...rest } = await readConfigFile(env);
  if (profile === undefined) return writeConfig(env, { ...withValue(rest, key, value), profiles });
  const { [profile]: old = {}, ...others } = profiles;
  const changed = withValue(old, key, value);
  const isEmpty = Object.keys(changed).length === 0;
  return writeConfig(env, {
    ...rest,
    profiles: isEmpty ? others : { ...others, [profile]: changed },
  });
}

function withValue(config: Config, key: ConfigKey, value: string | undefined): Config {
  const { [key]: _before, ...others } = config;
  return value === undefined ? others : { ...others, [key]: value };
}

async function writeConfig(env: Environment, { profiles, ...rest }: ConfigFile): Promise<string> {
  const file = configPath(env);
  const draft = `${file}.${process.pid}`;
  const config = Object.keys(profiles).length > 0 ? { ...rest, profiles } : rest;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    throw new Failure(
      "usage",
      "cannot-write-config",
      {
        what: `Cannot write ${file}: ${fileErrorWords(error)}.`,
        notDone: "Nothing was changed.",
        next: ["Next: set XDG_CONFIG_HOME to a folder that you may write to."],
      },
      { cause: error },
    );
  }
  return file;
}

const broken = (file: string, why: string) =>
  new Failure("usage", "broken-config", {
    what: `Cannot read the configuration file ${file}: ${why}.`,
    notDone: "Nothing was sent.",
    next: ["Next: correct the file, or delete it and run timelatch config set api <address>."],
  });
