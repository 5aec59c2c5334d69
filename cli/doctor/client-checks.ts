/** Checks of this machine: what `timelatch` and kubectl need here to ask for access and to use it. */
import { accessSync, constants, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { CLOCK_SECONDS } from "../api/answer-failure.ts";
import { type Api, apiClient } from "../api/api-client.ts";
import { readConfig } from "../config/config-file.ts";
import { settingsOf, VARIABLES } from "../config/setting-sources.ts";
import type { Context, Signing } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { spanText } from "../text/time-text.ts";
import { advice, type CheckResult, ill, well } from "./check-result.ts";
import type { Examined } from "./examine.ts";

/** Makes every check, one after the other. A check that needs the API says so where there is no answer. */
export async function examineClient(context: Context): Promise<readonly Examined[]> {
  const found: Examined[] = [];
  const add = (check: string, results: readonly CheckResult[]) =>
    void found.push(...results.map((result) => ({ check, ...result })));
  add("program", programs(context.env));
  const signing = await attempt(() => context.signing());
  add("address", await addressOf(context, signing));
  if (signing instanceof Failure) return found;
  add("clock", [await clock(signing.address)]);
  add("credentials", [await credentials(signing)]);
  const api = apiClient(signing.address, signing.identity);
  const who = await attempt(() => api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" }));
  add("API", [who instanceof Failure ? illBy(who) : well(`answers ${known(who)}`)]);
  if (!(who instanceof Failure)) add("kubeconfig", await kubeconfig(context, api));
  return found;
}

/** @throws what is no failure */
async function attempt<Value>(work: () => Promise<Value>): Promise<Value | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

const illBy = ({ text }: Failure): CheckResult =>
  ill([text.what, ...(text.findings ?? [])].join(" ").replace(/\.$/, ""), nextOf(text.next));

const nextOf = (next: readonly string[]) =>
  next
    .join(" ")
    .replace(/^Next: +/, "")
    .replace(/\.$/, "");

function known({ person, groups, identityArn }: WhoAmIAnswer): string {
  const of = groups.length > 0 ? ` of ${groups.join(", ")}` : "";
  return `${person}${of}, as ${identityArn}`;
}

/** The programs that kubectl and timelatch start by their names. */
function programs(env: Context["env"]): readonly CheckResult[] {
  const missing = (name: string) => onPath(name, env) === undefined;
  return [
    missing("timelatch")
      ? ill(
          "timelatch is not on the PATH, so kubectl gets no token",
          "add the folder of timelatch to the PATH of the shell in which you use kubectl",
        )
      : well(
          `timelatch ${manifest.version} with Node.js ${process.versions.node} is ${onPath("timelatch", env)}`,
        ),
    missing("kubectl")
      ? advice("kubectl is not on the PATH", "install kubectl to use the access that you get")
      : well(`kubectl is ${onPath("kubectl", env)}`),
  ];
}

/** The file that a shell would start, as POSIX finds it. */
function onPath(name: string, env: Context["env"]): string | undefined {
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const SOURCES = { flag: "--api", file: "your configuration", nothing: "--api" } as const;

async function addressOf(
  { env }: Context,
  signing: Signing | Failure,
): Promise<readonly CheckResult[]> {
  if (signing instanceof Failure) return [illBy(signing)];
  const settings = settingsOf({}, env, await readConfig(env));
  const api = settings.find(({ key }) => key === "api");
  const from = api?.value === undefined ? "nothing" : api.from;
  const source = from === "environment" ? VARIABLES.api : SOURCES[from];
  const role = settings.find(({ key }) => key === "role")?.value;
  return [well(`${signing.address}, by ${source}${role ? `; under ${role}` : ""}`)];
}

/** A difference that is worth a word, though AWS still takes signatures. */
const NOTICED_SECONDS = 30;
const TIMEOUT_MS = 10_000;

/** By the date of an answer, which counts whole seconds. The call has no signature, so a refusal is an answer, too. */
async function clock(address: string): Promise<CheckResult> {
  const before = Date.now();
  const response = await fetch(`${address}/v1/whoami`, {
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  const theirs = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(theirs))
    return ill("not known: no answer has the time of the API's side", "look at the line API");
  const off = (before + Date.now()) / 2_000 - theirs / 1_000;
  const seconds = Math.max(0, Math.abs(off) - 1);
  if (seconds < NOTICED_SECONDS)
    return well("this machine's clock is less than a minute from the API's");
  const says = `this machine's clock is ${spanText(seconds)} ${off > 0 ? "ahead of" : "behind"} the API's`;
  return seconds < CLOCK_SECONDS
    ? advice(says, "set it, or times that you type mean others")
    : ill(says, "set it: AWS refuses signatures that are five minutes off");
}

async function credentials({ identity }: Signing): Promise<CheckResult> {
  const keys = await attempt(() => identity.credentials());
  if (keys instanceof Failure) return illBy(keys);
  return well(
    `${keys.accessKeyId} signs${keys.sessionToken === undefined ? "" : ", in a session"}`,
  );
}

/** Each cluster of one's rules with its context, and whether that asks the same API. */
async function kubeconfig({ env }: Context, api: Api): Promise<readonly CheckResult[]> {
  const { kubeconfigPath, timelatchContexts } = await import("../kubernetes/kubeconfig-file.ts");
  const file = kubeconfigPath(env);
  const text = await readFile(file, "utf8").catch(() => "");
  const found = await attempt(async () => timelatchContexts(text, file));
  if (found instanceof Failure) return [illBy(found)];
  const { clusters } = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  if (clusters.length === 0) return [well("no rule lends you anything, so no context is needed")];
  return clusters.map(({ name }) => {
    const context = found.find((one) => one.context === `timelatch-${name}`);
    const write = `run timelatch kubeconfig ${name}`;
    if (!context) return advice(`${file} has no context for it`, write, name);
    const at = context.env["TIMELATCH_API"];
    return at === undefined || at === api.address
      ? well(`${context.context} in ${file}`, name)
      : ill(`${context.context} in ${file} asks ${at}, not ${api.address}`, write, name);
  });
}
