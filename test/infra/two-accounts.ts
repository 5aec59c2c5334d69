/** Every stack of a deployment over two accounts and two regions of each, as the CDK writes them. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, type Stack } from "aws-cdk-lib";
import { type AssemblyStack, readAssembly } from "../../cli/deployment/assembly.ts";
import { addStacks } from "../../infra/synth/add-timelatch.ts";
import { peopleWithRoles } from "../../infra/synth/people.ts";
import { assignStacks } from "../../infra/synth/people-stacks.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { ACCOUNT as HUB, REGION, sampleWith } from "./broker.ts";

export const SPOKE = "444455556666";
export const FAR = "eu-west-1";

const clusterIn = (account: string, region: string) => ({
  arn: `arn:aws:eks:${region}:${account}:cluster/c-${region}`,
  retired: false,
});

/** The sample, with clusters in two regions of both accounts, and people with roles of their own. */
export const twoAccounts = (change: (policy: AccessPolicy) => unknown = () => undefined) =>
  sampleWith((policy) => {
    Object.assign(policy.clusters, {
      far: clusterIn(HUB, FAR),
      spoke: clusterIn(SPOKE, REGION),
      "spoke-far": clusterIn(SPOKE, FAR),
    });
    change(policy);
  });

/** In the order in which they are deployed, as `timelatch deploy` reads it. */
export const assembledStacks = (access?: AccessPolicy): readonly AssemblyStack[] =>
  readAssembly(assemblyOf(access));

/**
 * The folder of the assembly, without code.
 *
 * @param check as synthesis has it, if at all
 */
export function assemblyOf(
  access: AccessPolicy = twoAccounts(),
  check: (app: App, stacks: readonly Stack[]) => void = () => undefined,
): string {
  const env = { account: HUB, region: REGION };
  const outdir = mkdtempSync(path.join(tmpdir(), "two-accounts-"));
  const app = new App({
    // Bundling says nothing about the templates.
    context: { "aws:cdk:bundling-stacks": [] },
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const topology = topologyOf(access, env);
  const record = assignStacks({}, peopleWithRoles(access));
  check(app, addStacks(app, { access, topology, record }, { settings: PRODUCTION, env }, outdir));
  app.synth();
  return outdir;
}
