/** The rights of notify, as the policy's media need them. */
import type { Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { sendingIdentities } from "../../shared/domain/values/mail-address.ts";
import type { Parts } from "../constructs/function-environments.ts";
import { parameterArn, slackParameters } from "../constructs/slack-parameters.ts";
import { notifyStatements } from "./function-statements.ts";
import { allow } from "./statements.ts";

export function notifyRights(stack: Stack, access: AccessPolicy, parts: Parts) {
  const { tables, queue, notifyQueue, bus } = parts;
  const { botToken } = slackParameters(deploymentOf(access));
  const queues = { converge: queue, notify: notifyQueue };
  return [
    ...notifyStatements(tables, queues, bus, parameterArn(stack, botToken)),
    ...emailStatements(stack, access),
  ];
}

/**
 * E-mail as one sender, under one configuration set. The identity is the address, its domain, or one above it:
 * SES asks for the one that is verified. Whichever it is, only that address sends, and to the domains of
 * the policy's people: their addresses would soon be more than a role has room for.
 * https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
 */
function emailStatements(stack: Stack, access: AccessPolicy) {
  if (!access.notices?.email) return [];
  const { from, configurationSet } = access.notices.email;
  const arn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: "ses", resource, resourceName });
  const resources = [
    ...sendingIdentities(from).map((name) => arn("identity", name)),
    arn("configuration-set", configurationSet),
  ];
  return [
    allow("SendEmail", ["ses:SendEmail"], resources, {
      StringEquals: { "ses:FromAddress": from },
      "ForAllValues:StringLike": { "ses:Recipients": recipientsIn(access) },
    }),
  ];
}

const recipientsIn = ({ people }: AccessPolicy): readonly string[] =>
  [
    ...new Set(Object.values(people).map(({ email }) => `*${email.slice(email.indexOf("@"))}`)),
  ].sort();
