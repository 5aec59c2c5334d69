/** A hub and what is beside it, synthesized: another account, and another region of the hub's. */
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { addClusterAccounts } from "../../infra/synth/cluster-accounts.ts";
import { addForwardStacks } from "../../infra/synth/forward-stacks.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import type { IamRole } from "../../lab/sandbox/aws/iam/state.ts";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { eventRule } from "../../lab/sandbox/template/event-rules.ts";
import { resolveTemplate } from "../../lab/sandbox/template/resolve.ts";
import { rolesOf } from "../../lab/sandbox/template/roles.ts";
import type { RoleResource } from "../../lab/sandbox/template/stack.ts";
import { brokerStacks } from "../lab/sandbox/stack/broker-stacks.ts";
import { broker, ACCOUNT as HUB, REGION, sampleWith } from "./broker.ts";

export const SPOKE = "444455556666";
export const FAR = "eu-west-1";
const URLS = { awsUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
const PLACE = { account: HUB, region: REGION };

/** The sample with staging in another account, and legacy in another region of the same. */
const access = sampleWith(({ clusters, people }) => {
  const moved = (arn: string) => arn.replace(HUB, SPOKE);
  const { staging, legacy } = clusters;
  if (staging) Object.assign(staging, { arn: moved(staging.arn), activity: { maxScanGb: 1 } });
  if (legacy) Object.assign(legacy, { arn: legacy.arn.replace(REGION, FAR) });
  for (const { principals } of Object.values(people))
    Object.assign(principals, [...principals, ...principals.map(moved)]);
});

export const hub = brokerStacks(broker(access), URLS).both;

const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
const forwarding = addForwardStacks(app, access, topologyOf(access, PLACE));
const elsewhere = addClusterAccounts(app, access, topologyOf(access, PLACE)).map((stack) => {
  const { place, resolved } = resolvedOf(stack);
  const isThere = (one: Stack) => one.account === stack.account && one.region === stack.region;
  const [rule] = forwarding.filter(isThere).flatMap((one) => {
    const { resolved: there } = resolvedOf(one);
    return there.ofType("AWS::Events::Rule").map((each) => eventRule(each, there));
  });
  if (!rule) throw new Error(`No rule forwards what ${stack.stackName} is for.`);
  const scheduleGroups = resolved.ofType("AWS::Scheduler::ScheduleGroup").map(({ ref }) => ref);
  return { ...place, rule, roles: rolesOf(resolved), scheduleGroups, ofType: resolved.ofType };
});

/** Every stack beside the hub's, with its resolved resources. */
export const resolvedElsewhere = elsewhere.map(({ stackName: name, ofType }) => ({ name, ofType }));

/** The stack of another account, or that of the hub's account in another region. */
export function stackIn(account: string) {
  const found = elsewhere.find((each) => each.account === account);
  if (!found) throw new Error(`There is no stack for ${account}.`);
  return found;
}

function resolvedOf(stack: Stack) {
  const place = { account: stack.account, region: stack.region, stackName: stack.stackName };
  const json = Template.fromStack(stack).toJSON() as TemplateJson;
  return { place, resolved: resolveTemplate(json, { ...place, ...URLS }) };
}

/** A role of a template as IAM has it. */
export const iamRole = ({ arn, name, path, trustPolicy, policies }: RoleResource): IamRole => ({
  kind: "role",
  arn,
  roleName: name,
  path,
  policies,
  roleId: `AROA${arn.replaceAll(/[^A-Za-z0-9]/g, "").toUpperCase()}`,
  createDate: "2026-11-01T00:00:00.000Z",
  maxSessionDuration: 3600,
  assumeRolePolicyDocument: trustPolicy,
});
