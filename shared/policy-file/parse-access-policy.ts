/**
 * Reads `access.yaml` strictly. An unknown key, an undefined name or an invalid value is an error
 * with line and column. Nothing is then deployed.
 */
import type * as z from "zod/mini";
import type { AccessPolicy } from "../domain/policy/policy.ts";
import { hashOf } from "../domain/values/canonical-json.ts";
import { DEFAULT_DEPLOYMENT, deploymentOf } from "../domain/values/deployment.ts";
import { AccessPolicyFile } from "./access-policy-file.ts";
import { accountFaults } from "./faults/account-faults.ts";
import { crossCheck } from "./faults/cross-check.ts";
import { compilePeople } from "./people/compile-people.ts";
import { compileDelegations } from "./people/delegations-file.ts";
import {
  nothingIncluded,
  type ReadIncluded,
  withIncludedPeople,
} from "./people/included-people.ts";
import { compileRule } from "./rules/compile-rule.ts";
import { compileSchedule } from "./schedules-file.ts";
import { compileTracker } from "./tickets-file.ts";
import { FileFaults } from "./yaml/file-fault.ts";
import {
  type Fault,
  type LocatedYaml,
  located,
  readAs,
  readLocatedYaml,
} from "./yaml/located-yaml.ts";

/** A policy that knows where its parts stand in the file. */
export interface LocatedPolicy {
  readonly policy: AccessPolicy;
  /** By the file's own keys, which the policy shares: `["rules", 0, "who"]`. */
  readonly placeOf: LocatedYaml["placeOf"];
  /** Whether the file itself says what a review is, for the rule in that place. */
  readonly saysReview: (at: number) => boolean;
}

/**
 * @param included reads the file that the policy includes; without it, none can be
 * @throws FileFaults with all faults that were found
 */
export function locateAccessPolicy(
  text: string,
  included: ReadIncluded = nothingIncluded,
): LocatedPolicy {
  const yaml = withIncludedPeople(readLocatedYaml(text), included);
  const file = readAs(yaml, AccessPolicyFile);
  const refuse = (faults: readonly Fault[]) => {
    if (faults.length > 0) throw new FileFaults(faults.map((fault) => located(yaml, fault)));
  };
  refuse(crossCheck(file));
  const policy = compile(file);
  if (file.identity?.account !== undefined) refuse(accountFaults(policy, file.identity.account));
  return {
    policy,
    placeOf: yaml.placeOf,
    saysReview: (at) => file.rules[at]?.review !== undefined,
  };
}

/** As {@link locateAccessPolicy}. @throws FileFaults with all faults that were found */
export const parseAccessPolicy = (text: string, included?: ReadIncluded): AccessPolicy =>
  locateAccessPolicy(text, included).policy;

function compile(file: z.output<typeof AccessPolicyFile>): AccessPolicy {
  const deployment = deploymentOf(file);
  const delegations = compileDelegations(file.delegations);
  const compiled = {
    version: file.version,
    ...(deployment === DEFAULT_DEPLOYMENT ? {} : { deployment }),
    clusters: mapValues(file.clusters, ({ arn, retired, activity }) => ({
      arn,
      retired: retired ?? false,
      ...(activity ? { activity } : {}),
    })),
    ...compilePeople(file),
    roles: { admins: file.roles?.admins ?? [], auditors: file.roles?.auditors ?? [] },
    ...(file.slack ? { slack: file.slack } : {}),
    ...(file.notices?.email ? { notices: { email: file.notices.email } } : {}),
    ...(file.expected ? { expected: file.expected } : {}),
    ...(delegations ? { delegations } : {}),
    ...(hasKeys(file.schedules) ? { schedules: mapValues(file.schedules, compileSchedule) } : {}),
    ...(hasKeys(file.tickets) ? { tickets: mapValues(file.tickets, compileTracker) } : {}),
    ...(file.archive ? { archive: file.archive } : {}),
    rules: file.rules.map((rule) => compileRule(rule, file.roles?.admins ?? [])),
  } as const;
  return { ...compiled, hash: hashOf(compiled) };
}

const hasKeys = <Value>(
  record: Readonly<Record<string, Value>> | undefined,
): record is Readonly<Record<string, Value>> => Object.keys(record ?? {}).length > 0;

const mapValues = <In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
