import { visibleJson } from "../shared/domain/values/visible-text.ts";
import { parseApiAddress, regionOfHost } from "./api/api-address.ts";
import { type Api, apiClient } from "./api/api-client.ts";
import { type AwsIdentity, awsIdentity } from "./api/aws-identity.ts";
import { forgetRoleSession, roleSession } from "./aws/role-session.ts";
import { type StoredChanges, storedChanges } from "./changes/stored-changes.ts";
import { type ConfigKey, readConfig } from "./config/config-file.ts";
import { parseRoleArn } from "./config/role-arn.ts";
import { settingsOf } from "./config/setting-sources.ts";
import { openPrompt, type Prompt } from "./prompts/prompt.ts";
import type { Screen } from "./terminal/screen.ts";
import { wrapLines } from "./terminal/text-layout.ts";

/** The parts that every command works with. */
export interface Context {
  readonly screen: Screen;
  /** Whether the API's JSON is wanted in place of text for people. */
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Opened when a command needs it.
   *
   * @param awsProfile a profile of AWS that signs, in place of your own credentials
   * @throws Failure
   */
  api(awsProfile?: string): Promise<Api>;
  /** The API's address, and whose keys sign. @throws Failure */
  signing(awsProfile?: string): Promise<Signing>;
  now(): string;
  /** The changes that the API has answered so far. */
  readonly stored: StoredChanges;
  /** Questions on standard error; whoever opens it closes it. */
  prompt(): Prompt;
}

/** The place of the API, and whose keys sign. */
export interface Signing {
  readonly address: string;
  readonly identity: AwsIdentity;
}

export interface GlobalOptions {
  readonly json?: true;
  /** From `--api`. Without it, `TIMELATCH_API` counts, and then the configuration file. */
  readonly api?: string;
  /** From `--profile`. Without it, `TIMELATCH_PROFILE` counts. */
  readonly profile?: string;
}

export function contextOf(
  { json, api, profile }: GlobalOptions,
  screen: Screen,
  given: Context["env"],
  stored: StoredChanges = storedChanges(),
): Context {
  // A program started later, such as `timelatch token` by kubectl, is to find the same profile.
  const env = profile === undefined ? given : { ...given, TIMELATCH_PROFILE: profile };
  async function signing(awsProfile?: string): Promise<Signing> {
    const settings = settingsOf({ api }, env, await readConfig(env));
    const settingOf = (wanted: ConfigKey) => settings.find(({ key }) => key === wanted)?.value;
    const address = parseApiAddress(settingOf("api"));
    const identity = await awsIdentity(regionOfHost(address), env, awsProfile);
    return { address, identity: underRole(identity, settingOf("role"), env) };
  }
  return {
    screen,
    json: json === true,
    env,
    stored,
    now: () => new Date().toISOString(),
    prompt: () => openPrompt(process.stdin, process.stderr, env["TERM"] !== "dumb"),
    signing,
    async api(awsProfile) {
      const { address, identity } = await signing(awsProfile);
      return apiClient(address, identity);
    },
  };
}

/**
 * Signs as the role that is configured: for people of whom only their own role may call the API.
 */
function underRole(
  identity: AwsIdentity,
  role: string | undefined,
  env: Context["env"],
): AwsIdentity {
  if (!role) return identity;
  const roleArn = parseRoleArn(role);
  const { region, credentials } = identity;
  const session = { roleArn, region, source: credentials, env };
  return {
    region,
    credentials: () => roleSession(session),
    forget: () => forgetRoleSession(session),
  };
}

/** Answers on standard output: the document under `--json`, else the text for people. */
export function answer({ json, screen }: Context, document: unknown, text: () => string): void {
  screen.out.write(json ? `${visibleJson(document, 2)}\n` : text());
}

/** As `answer`, with sentences, which are wrapped to the terminal. */
export function tell(context: Context, document: unknown, sentences: () => string): void {
  answer(context, document, () => wrapLines(sentences(), context.screen.out.columns));
}

/** Writes beside the answer, on standard error; nothing under `--json`. */
export function remark({ json, screen }: Context, text: string): void {
  if (!json) screen.err.write(text);
}
