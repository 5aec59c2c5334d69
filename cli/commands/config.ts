import { parseApiAddress } from "../api/api-address.ts";
import {
  type Config,
  type ConfigKey,
  configPath,
  readConfig,
  writeConfig,
} from "../config/config-file.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";

/** `timelatch config get`: one value of the configuration file, or where the file is. */
export async function getConfig(context: Context, key: ConfigKey | undefined): Promise<void> {
  const config = await readConfig(context.env);
  const file = configPath(context.env);
  if (key === undefined) {
    answer(context, { file, ...config }, () => `file = ${file}\napi = ${config.api ?? ""}\n`);
    return;
  }
  const value = config[key];
  if (value === undefined)
    throw new Failure("notFound", "not-configured", {
      happened: `${key} is not set in ${file}.`,
      undone: "Nothing was sent.",
      next: [`Next: set it with timelatch config set ${key} <value>.`],
    });
  answer(context, { [key]: value }, () => `${value}\n`);
}

/** `timelatch config set`: checks the value and writes it. @throws Failure `usage` */
export async function setConfig(context: Context, key: ConfigKey, value: string): Promise<void> {
  const config: Config = { ...(await readConfig(context.env)), [key]: parseApiAddress(value) };
  const file = await writeConfig(context.env, config);
  answer(context, config, () => `${key} = ${config[key]}, in ${file}\n`);
}
