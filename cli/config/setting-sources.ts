/** Finds the value that counts, and its source: flag, environment, profile; nothing is built in. */
import { CONFIG_KEYS, type Config, type ConfigKey } from "./config-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The values of flags on the command line, by key. */
export type Flags = Readonly<Partial<Record<ConfigKey, string | undefined>>>;

export interface Setting {
  readonly key: ConfigKey;
  /** Absent where nothing sets it. */
  readonly value?: string;
  readonly from: "flag" | "environment" | "file" | "nothing";
}

/** The environment variable of each key. */
export const VARIABLES: Readonly<Record<ConfigKey, string>> = {
  api: "TIMELATCH_API",
  role: "TIMELATCH_ROLE",
};

/** Each key with what counts. An empty value sets nothing. Pure. */
export const settingsOf = (flags: Flags, env: Environment, config: Config): readonly Setting[] =>
  CONFIG_KEYS.map((key) => {
    const sources = [
      ["flag", flags[key]],
      ["environment", env[VARIABLES[key]]],
      ["file", config[key]],
    ] as const;
    const found = sources.find(([, value]) => value);
    return found ? { key, value: found[1] ?? "", from: found[0] } : { key, from: "nothing" };
  });
