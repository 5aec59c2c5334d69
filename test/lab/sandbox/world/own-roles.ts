/** The roles that a policy makes for its people, as the sandbox deploys them. */
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { addPeopleStacks, peopleWithRoles } from "../../../../infra/synth/people.ts";
import { assignStacks } from "../../../../infra/synth/people-stacks.ts";
import type { Template as TemplateJson } from "../../../../lab/sandbox/template/assembly.ts";
import { resolveTemplate } from "../../../../lab/sandbox/template/resolve.ts";
import { rolesOf } from "../../../../lab/sandbox/template/roles.ts";
import type { RoleResource } from "../../../../lab/sandbox/template/stack.ts";
import { ACCOUNT, REGION } from "../../../../lab/sandbox/world/account.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { broker, SAMPLE } from "../../../infra/broker.ts";

const PLACE = {
  account: ACCOUNT,
  region: REGION,
  stackName: "People",
  awsUrl: "http://127.0.0.1:1",
  apiUrl: "http://127.0.0.1:2",
};

/** The roles of the synthesized stacks, with the policy to call the API. */
export function ownRolesOf(policy: AccessPolicy): readonly RoleResource[] {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const record = assignStacks({}, peopleWithRoles(policy));
  const stacks = addPeopleStacks(app, policy, record, { account: ACCOUNT, region: REGION });
  const call = Object.fromEntries(
    broker(SAMPLE)
      .ofType("AWS::IAM::ManagedPolicy")
      .map(({ ref, properties }) => [ref, properties.object("PolicyDocument")]),
  );
  return stacks.flatMap((stack) =>
    rolesOf(resolveTemplate(Template.fromStack(stack).toJSON() as TemplateJson, PLACE), call),
  );
}
