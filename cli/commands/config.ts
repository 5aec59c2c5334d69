import { visible } from "../../shared/domain/values/visible-text.ts";
import { parseApiAddress } from "../api/api-address.ts";
import {
  CONFIG_KEYS,
  type ConfigKey,
  configPath,
  readConfig,
  readConfigFile,
  setInConfig,
} from "../config/config-file.ts";
import { profileOf } from "../config/config-profile.ts";
import { parseRoleArn } from "../config/role-arn.ts";
import { type Setting, settingsOf, VARIABLES } from "../config/setting-sources.ts";
import { answer, type Context, type GlobalOptions, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";

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
      what: `${key} is not set in ${file}.`,
      notDone: "Nothing was sent.",
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
  const checked = PARSERS[key](value);
  const file = await setInConfig(context.env, key, checked);
  const where = placeOf(context, file);
  answer(context, await readConfig(context.env), () => `${key} = ${checked}, in ${where}\n`);
  sayOverridden(context, key, checked);
}

/**
 * `timelatch config unset`: takes a value out. A value that is not set stays so.
 *
 * @throws Failure `usage`; `notFound` for a profile that is not in the file
 */
export async function unsetConfig(context: Context, key: ConfigKey): Promise<void> {
  const { [key]: _before, ...left } = await readConfig(context.env);
  const file = await setInConfig(context.env, key, undefined);
  const where = placeOf(context, file);
  answer(context, left, () => `${key} is not set, in ${where}\n`);
  sayOverridden(context, key, undefined);
}

/** The environment counts before the file, so what was just written may change nothing. */
function sayOverridden(context: Context, key: ConfigKey, written: string | undefined): void {
  const variable = VARIABLES[key];
  const value = context.env[variable];
  if (!value || value === written) return;
  const text = `${variable} is ${visible(value)} in your environment, and counts in place of the file. Unset it to use the file.\n`;
  remark(context, wrapLines(text, context.screen.err.columns));
}

function placeOf({ env }: Context, file: string): string {
  const profile = profileOf(env);
  return profile === undefined ? file : `profile ${profile} of ${file}`;
}

/** `timelatch config list`: what counts, and where each value comes from. @throws Failure */
export async function listConfig(
  context: Context,
  flags: Pick<GlobalOptions, "api" | "profile">,
): Promise<void> {
  const file = configPath(context.env);
  const profile = profileOf(context.env);
  const profiles = Object.keys((await readConfigFile(context.env)).profiles).sort();
  const settings = settingsOf({ api: flags.api }, context.env, await readConfig(context.env));
  const named = flags.profile === undefined ? "TIMELATCH_PROFILE" : "--profile";
  const document = { file, profile: profile ?? null, profiles, settings };
  answer(context, document, () =>
    renderFacts(
      [
        ...settings.map((each): [string, string] => [each.key, settingText(each, profile)]),
        ["profile", profile === undefined ? "none" : `${profile}  (from ${named})`],
        ["profiles", profiles.map(visible).join(", ") || "none"],
        ["file", visible(file)],
      ],
      context.screen.out,
    ),
  );
}

function settingText({ key, value, from }: Setting, profile: string | undefined): string {
  const places: Readonly<Record<Setting["from"], string>> = {
    flag: `--${key}`,
    environment: VARIABLES[key],
    file: profile === undefined ? "the file" : `profile ${profile}`,
    nothing: "",
  };
  return value === undefined ? "not set" : `${visible(value)}  (from ${places[from]})`;
}
