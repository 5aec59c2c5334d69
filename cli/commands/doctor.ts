import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { parseDeploymentFile } from "../../shared/policy-file/deployment-file.ts";
import { accountProfiles } from "../aws/account-identities.ts";
import { readConfig } from "../config/config-file.ts";
import { settingsOf } from "../config/setting-sources.ts";
import { answer, type Context } from "../context.ts";
import { CONFIG_FILE } from "../deployment/folder-files.ts";
import { accountSight } from "../doctor/aws/account-sight.ts";
import { brokerSight } from "../doctor/aws/broker-sight.ts";
import { networkSight } from "../doctor/aws/network-sight.ts";
import { CHECKS, RESTORED_CHECKS } from "../doctor/check-list.ts";
import type { Check, Patient } from "../doctor/check-result.ts";
import { examineClient } from "../doctor/client-checks.ts";
import { doctorText } from "../doctor/doctor-text.ts";
import { type Examined, examine } from "../doctor/examine.ts";
import { otherAccounts } from "../doctor/expected-names.ts";
import { Failure } from "../failures/failure.ts";
import { readPolicy, readStrictly } from "../policy/read-policy.ts";
import type { SmokeInTest } from "./doctor-smoke.ts";

export interface DoctorOptions {
  /** This machine, in place of a deployment. */
  readonly client?: boolean;
  /** `<account>=<profile>` */
  readonly account?: readonly string[];
  /** Names of checks. */
  readonly only?: readonly string[];
  /** Clusters on which facts are settled by experiment, in place of the checks; true without a name. */
  readonly smoke?: true | readonly string[];
  readonly reason?: string;
  /** With `smoke`: remove what earlier runs left, and do nothing else. */
  readonly clean?: true;
  readonly report?: string;
  readonly yes?: true;
  /** Whether tables have what a restored table lacks, in place of the checks. */
  readonly restored?: boolean;
}

/**
 * `timelatch doctor`: says what of a deployment is not as its files say, and what to do. It reads, with the
 * operator's credentials, and changes nothing. With `--restored`, it looks at the tables only. With `--client`, it looks
 * at this machine and the API, as anybody who asks for access. With `--smoke`, it plays the parts of a smoke test instead.
 *
 * @param folder the working directory of the deployment
 * @throws Failure `unwell` where a check finds something, or cannot look; `usage`; `faulty` for a file
 */
export async function doctor(
  context: Context,
  folder: string,
  { client = false, account, only, smoke, restored = false, ...options }: DoctorOptions,
  inTest?: SmokeInTest,
): Promise<void> {
  if (client) return report(context, await examineClient(context), CLIENT);
  const profiles = accountProfiles(account);
  if (smoke !== undefined) {
    const clusters = smoke === true ? [] : smoke;
    const patient = await patientIn(context, folder, profiles);
    const { doctorSmoke } = await import("./doctor-smoke.ts");
    const given = { ...options, clusters, ...(only && { only }) };
    await doctorSmoke(context, folder, profiles, patient, given, inTest);
    return;
  }
  const checks = restored ? RESTORED_CHECKS : chosen(only);
  const patient = await patientIn(context, folder, profiles);
  report(context, await examine(patient, checks), DEPLOYMENT);
}

/** The thing that was looked at: the code of its failure, and the command that looks again. */
interface Subject {
  readonly code: string;
  readonly again: string;
}

/** This machine. */
export const CLIENT: Subject = { code: "client-unwell", again: "timelatch doctor --client" };
const DEPLOYMENT: Subject = { code: "deployment-unwell", again: "timelatch doctor" };

/** @throws Failure `unwell` where something is not well */
function report(context: Context, found: readonly Examined[], subject: Subject): void {
  const ill = found.filter(({ ok }) => !ok);
  answer(context, { ok: ill.length === 0, findings: found }, () =>
    doctorText(found, context.screen.out),
  );
  if (ill.length > 0) throw unwell(ill, subject);
}

const NO_FOLDER =
  "Next: name the folder that timelatch init wrote, or change to it. For this machine: timelatch doctor --client.";

async function patientIn(
  { env, now }: Context,
  folder: string,
  profiles: ReadonlyMap<string, string>,
): Promise<Patient> {
  const place = path.join(folder, CONFIG_FILE);
  const config = await readStrictly(place, parseDeploymentFile, NO_FOLDER);
  const access = `Next: correct \`access\` in ${place}, or restore the file.`;
  const policy = await readPolicy(path.join(folder, config.access), access);
  const { account, region } = config;
  const settings = settingsOf({}, env, await readConfig(env));
  const others = otherAccounts(policy, account).map((other) => {
    const profile = profiles.get(other);
    return [other, profile === undefined ? undefined : accountSight({ region, profile })] as const;
  });
  return {
    policy,
    account,
    region,
    now,
    deployment: deploymentOf(policy),
    broker: brokerSight({ region }),
    others: new Map(others),
    network: networkSight(),
    slackApi: env["TIMELATCH_SLACK_API"] || "https://slack.com/api",
    ownRole: settings.find(({ key }) => key === "role")?.value,
  };
}

function chosen(only: readonly string[] | undefined): readonly Check[] {
  const names = CHECKS.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw wrongUse(
      `There is no check ${unknown}.${meantText(unknown, names)}`,
      `choose from ${names.join(", ")}.`,
    );
  return only ? CHECKS.filter(({ name }) => only.includes(name)) : CHECKS;
}

const wrongUse = (what: string, next: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was done.",
    next: [`Next: ${next}`],
  });

/** The failure that ends the command where something is not well. */
export const unwell = (ill: readonly Examined[], { code, again } = DEPLOYMENT) =>
  new Failure("unwell", code, {
    what: `${ill.length === 1 ? "One thing is" : `${ill.length} things are`} not well: ${[...new Set(ill.map(({ check }) => check))].join(", ")}.`,
    notDone: "Nothing was changed.",
    next: [`Next: do what stands behind each →, and run ${again} again.`],
  });
