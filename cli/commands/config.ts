import { parseApiAddress } from "../api/api-address.ts";
import {
  CONFIG_KEYS,
  type Config,
  type ConfigKey,
  configPath,
  readConfig,
  writeConfig,
} from "../config/config-file.ts";
import { parseRoleArn } from "../config/role-arn.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";

/** `timelatch config get`: one value of the configuration file, or where the file is. */
export async function getConfig(context: Context, key: ConfigKey | undefined): Promise<void> {
  const config = await readConfig(context.env);
  const file = configPath(context.env);
  if (key === undefined) {
    answer(context, { file, ...config }, () =>
      [`file = ${file}`, ...CONFIG_KEYS.map((one) => `${one} = ${config[one] ?? ""}`), ""].join(
        "\n",
      ),
    );
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

const PARSERS: Readonly<Record<ConfigKey, (value: string) => string>> = {
  api: parseApiAddress,
  role: parseRoleArn,
};

/** `timelatch config set`: checks the value and writes it. @throws Failure `usage` */
export async function setConfig(context: Context, key: ConfigKey, value: string): Promise<void> {
  const config: Config = { ...(await readConfig(context.env)), [key]: PARSERS[key](value) };
  const file = await writeConfig(context.env, config);
  answer(context, config, () => `${key} = ${config[key]}, in ${file}\n`);
}
