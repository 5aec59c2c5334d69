import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { parseDeploymentFile } from "../../shared/policy-file/deployment-file.ts";
import { readConfig } from "../config/config-file.ts";
import { settingsOf } from "../config/setting-sources.ts";
import { answer, type Context } from "../context.ts";
import { CONFIG_FILE } from "../deployment/folder-files.ts";
import { accountSight } from "../doctor/aws/account-sight.ts";
import { brokerSight } from "../doctor/aws/broker-sight.ts";
import { eksSmokeSight } from "../doctor/aws/eks-smoke-sight.ts";
import { networkSight } from "../doctor/aws/network-sight.ts";
import { CHECKS, RESTORED_CHECKS } from "../doctor/check-list.ts";
import { doctorText } from "../doctor/doctor-text.ts";
import { type Examined, examine } from "../doctor/examine.ts";
import { otherAccounts } from "../doctor/expected-names.ts";
import type { Check, Patient } from "../doctor/finding.ts";
import { Failure } from "../failures/failure.ts";
import { readPolicy, readStrictly } from "../policy/read-policy.ts";

export interface DoctorOptions {
  /** `<account>=<profile>` */
  readonly account?: readonly string[];
  /** Names of checks. */
  readonly only?: readonly string[];
  /** A cluster on which View is lent for five minutes, in place of the checks. */
  readonly smoke?: string;
  readonly reason?: string;
  /** Whether tables have what a restored table lacks, in place of the checks. */
  readonly restored?: boolean;
}

/**
 * `timelatch doctor`: says what of a deployment is not as its files say, and what to do. It reads, with the
 * operator's credentials, and changes nothing. With `--restored`, it looks at the tables alone. With `--smoke`, it lends
 * View for five minutes instead.
 *
 * @param folder the working directory of the deployment
 * @throws Failure `unwell` where a check finds something, or cannot look; `usage`; `faulty` for a file
 */
export async function doctor(
  context: Context,
  folder: string,
  { account = [], only, smoke, reason, restored = false }: DoctorOptions,
): Promise<void> {
  const profiles = new Map(account.map(profileOf));
  const checks = restored ? RESTORED_CHECKS : chosen(only);
  const patient = await patientIn(context, folder, profiles);
  const found =
    smoke === undefined
      ? await examine(patient, checks)
      : await lend(context, patient, profiles, { cluster: smoke, reason: reason ?? REASON });
  const ill = found.filter(({ ok }) => !ok);
  answer(context, { ok: ill.length === 0, findings: found }, () =>
    doctorText(found, context.screen.out),
  );
  if (ill.length > 0) throw unwell(ill);
}

const REASON = "Smoke test of this deployment by timelatch doctor";

async function lend(
  context: Context,
  { policy, account, region, ownRole }: Patient,
  profiles: ReadonlyMap<string, string>,
  wanted: { readonly cluster: string; readonly reason: string },
): Promise<readonly Examined[]> {
  const { playSmoke } = await import("../doctor/smoke/play-smoke.ts");
  const sight = eksSmokeSight((of) => {
    const profile = profiles.get(of);
    return { region, ...(profile === undefined ? {} : { profile }) };
  });
  const found = await playSmoke({
    ...{ context, sight, policy, account, ...wanted },
    api: await context.api(),
    signsAsOwnRole: ownRole !== undefined,
  });
  return found.map((finding) => ({ check: "smoke", ...finding }));
}

async function patientIn(
  { env, now }: Context,
  folder: string,
  profiles: ReadonlyMap<string, string>,
): Promise<Patient> {
  const place = path.join(folder, CONFIG_FILE);
  const config = await readStrictly(place, parseDeploymentFile);
  const policy = await readPolicy(path.join(folder, config.access));
  const { account, region } = config;
  const settings = settingsOf({}, env, await readConfig(env));
  const others = otherAccounts(policy, account).map((other) => {
    const profile = profiles.get(other);
    return [other, profile === undefined ? undefined : accountSight({ region, profile })] as const;
  });
  return {
    ...{ policy, account, region, now },
    deployment: deploymentOf(policy),
    broker: brokerSight({ region }),
    others: new Map(others),
    network: networkSight(),
    slackApi: env["TIMELATCH_SLACK_API"] || "https://slack.com/api",
    ownRole: settings.find(({ key }) => key === "role")?.value,
  };
}

function profileOf(given: string): readonly [string, string] {
  const [, account, profile] = /^(\d{12})=(.+)$/.exec(given) ?? [];
  if (account && profile) return [account, profile];
  throw wrongUse(
    `--account ${given} is no <account>=<profile>.`,
    "write twelve digits, = and a profile of your AWS configuration.",
  );
}

function chosen(only: readonly string[] | undefined): readonly Check[] {
  const names = CHECKS.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw wrongUse(`There is no check ${unknown}.`, `choose from ${names.join(", ")}.`);
  return only ? CHECKS.filter(({ name }) => only.includes(name)) : CHECKS;
}

const wrongUse = (happened: string, next: string) =>
  new Failure("usage", "usage", {
    happened,
    undone: "Nothing was done.",
    next: [`Next: ${next}`],
  });

/** What a deployment with findings ends the command with. */
export const unwell = (ill: readonly Examined[]) =>
  new Failure("unwell", "deployment-unwell", {
    happened: `${ill.length === 1 ? "One thing is" : `${ill.length} things are`} not well: ${[...new Set(ill.map(({ check }) => check))].join(", ")}.`,
    undone: "Nothing was changed.",
    next: ["Next: do what stands behind each →, and run timelatch doctor again."],
  });
