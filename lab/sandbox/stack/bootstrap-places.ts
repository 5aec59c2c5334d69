/** Prepares accounts as `cdk bootstrap` does, with the template that the CDK's command brings. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parse } from "yaml";
import type { CloudFormationContext } from "../aws/cloudformation/context.ts";
import { parameterValues } from "../aws/cloudformation/parameters.ts";
import type { StackInput, StackState } from "../aws/cloudformation/state.ts";
import { parseTemplate } from "../aws/cloudformation/template-text.ts";
import { ACCOUNT } from "../world/account.ts";
import { deployNow } from "./deploy-now.ts";

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const STACK_NAME = "CDKToolkit";

/** Every account in every region. The others trust the broker's: `--trust`, as docs/deploy.md says. */
export async function bootstrapPlaces(
  contexts: readonly CloudFormationContext[],
): Promise<readonly StackState[]> {
  const template = bootstrapTemplate();
  const stacks: StackState[] = [];
  for (const context of contexts)
    stacks.push(await deployNow(context, STACK_NAME, inputOf(context, template), false));
  return stacks;
}

/** As JSON, which is read many times sooner than YAML. */
function bootstrapTemplate(): string {
  const command = createRequire(import.meta.url).resolve("aws-cdk/package.json");
  const file = path.join(path.dirname(command), "lib/api/bootstrap/bootstrap-template.yaml");
  return JSON.stringify(parse(readFileSync(file, "utf8")));
}

function inputOf(context: CloudFormationContext, template: string): StackInput {
  const given: Readonly<Record<string, string>> = {
    // By default the command asks for S3's own encryption.
    FileAssetsBucketKmsKeyId: "AWS_MANAGED_KEY",
    ...(context.account === ACCOUNT
      ? {}
      : {
          TrustedAccounts: ACCOUNT,
          TrustedAccountsForLookup: ACCOUNT,
          CloudFormationExecutionPolicies: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
  };
  const Parameters = Object.entries(given).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  return {
    template,
    capabilities: ["CAPABILITY_NAMED_IAM"],
    tags: [],
    parameters: parameterValues(
      context,
      parseTemplate(template).Parameters ?? {},
      { Parameters },
      {},
    ),
  };
}
