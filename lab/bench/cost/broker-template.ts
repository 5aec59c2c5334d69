import { App } from "aws-cdk-lib";
import { BrokerStack } from "../../../infra/stacks/broker-stack.ts";
import { addFusesStack } from "../../../infra/synth/fuses.ts";
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { topologyOf } from "../../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { ACCOUNT, REGION } from "../../fakes/builders.ts";
import type { Template } from "./stack-facts.ts";

/** The templates of the broker and its fuses in production as one, without bundles. */
export function brokerTemplate(access: AccessPolicy): Template {
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const env = { account: ACCOUNT, region: REGION };
  const topology = topologyOf(access, env);
  const own = { access, accessFile: "access.json", settings: PRODUCTION, topology, env };
  const { stackName } = new BrokerStack(app, "Timelatch", own);
  const fuses = addFusesStack(app, access, topology, env).stackName;
  const assembly = app.synth();
  const resources = [stackName, fuses].flatMap((name) =>
    Object.entries((assembly.getStackByName(name).template as Template).Resources),
  );
  return { Resources: Object.fromEntries(resources) };
}
