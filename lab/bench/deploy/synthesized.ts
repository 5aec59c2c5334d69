/**
 * The result of synthesis for a deployment of a given size: the policies of its grantor roles, and
 * its stacks.
 */
import { App } from "aws-cdk-lib";
import {
  GrantorTooLarge,
  grantorPolicies,
  LONGEST_ROLES,
} from "../../../infra/permissions/grantor-policies.ts";
import { sizesOf } from "../../../infra/permissions/pack-statements.ts";
import { BrokerStack } from "../../../infra/stacks/broker-stack.ts";
import { addClusterAccounts } from "../../../infra/synth/cluster-accounts.ts";
import { addForwardStacks } from "../../../infra/synth/forward-stacks.ts";
import { addFusesStack } from "../../../infra/synth/fuses.ts";
import { addPeopleStacks, peopleWithRoles } from "../../../infra/synth/people.ts";
import { assignStacks } from "../../../infra/synth/people-stacks.ts";
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { remotePlaceIn, topologyOf } from "../../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { accountNumber, type DeploymentSize, deploymentFile } from "./deployment-file.ts";

/** The largest grantor role of a deployment. */
interface GrantorSize {
  readonly precision: string;
  /** Characters, of at most 10,240. */
  readonly inline: number;
  /** Characters of each managed policy, of at most 6,144. There may be ten. */
  readonly managed: readonly number[];
}

export type Deployed =
  | {
      readonly grantor: GrantorSize;
      readonly stacks: number;
      /** Resources of the stack that has most, of at most 500. */
      readonly resources: number;
      /** Characters of the longest template, of at most 1,000,000. */
      readonly template: number;
      readonly seconds: number;
    }
  | { readonly refused: string };

/** Synthesizes without bundles, whose size does not depend on the policy. */
export function deployed(size: DeploymentSize): Deployed {
  const access = parseAccessPolicy(deploymentFile(size));
  const began = performance.now();
  try {
    const grantor = largestGrantor(access, size);
    return { grantor, ...stacksOf(access), seconds: (performance.now() - began) / 1_000 };
  } catch (error) {
    if (error instanceof GrantorTooLarge) return { refused: error.message };
    throw error;
  }
}

/** The account and region of the broker. */
const ENV = { account: accountNumber(0), region: "us-west-2" };

/** The largest policy over all accounts: each account has a grantor role of its own. */
function largestGrantor(access: AccessPolicy, { accounts }: DeploymentSize): GrantorSize {
  const topology = topologyOf(access, ENV);
  const all = Array.from({ length: accounts }, (_, at) => {
    const account = accountNumber(at);
    const remote = remotePlaceIn(topology, account);
    const policies = grantorPolicies(access, account, LONGEST_ROLES, remote);
    return { precision: policies.precision, ...sizesOf(policies) };
  });
  const total = ({ inline, managed }: GrantorSize) =>
    managed.reduce((sum, characters) => sum + characters, inline);
  return all.reduce((largest, one) => (total(one) > total(largest) ? one : largest));
}

function stacksOf(access: AccessPolicy) {
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const env = ENV;
  const topology = topologyOf(access, env);
  new BrokerStack(app, "Timelatch", {
    access,
    accessFile: "access.json",
    settings: PRODUCTION,
    topology,
    env,
  });
  addFusesStack(app, access, topology, env);
  addClusterAccounts(app, access, topology);
  addPeopleStacks(app, access, assignStacks({}, peopleWithRoles(access)), env);
  addForwardStacks(app, access, topology);
  const templates = app.synth().stacks.map(({ template }): Template => template);
  return {
    stacks: templates.length,
    resources: Math.max(...templates.map(({ Resources }) => Object.keys(Resources).length)),
    template: Math.max(...templates.map((template) => JSON.stringify(template).length)),
  };
}

interface Template {
  readonly Resources: Readonly<Record<string, unknown>>;
}
