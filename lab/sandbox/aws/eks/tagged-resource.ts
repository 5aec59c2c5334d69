import type { PermissionCheck } from "../service.ts";
import { findTagged } from "./arns.ts";
import { badRequest, notEmulated, taggedResourceNotFound } from "./errors.ts";
import { type Input, required, text } from "./input.ts";
import { ownValue } from "./own-value.ts";
import { type Context, entryContext, tagContext } from "./permissions.ts";
import type { AccessEntry, Cluster, EksState } from "./state.ts";

const EKS_ARN = /^arn:aws[a-z-]*:eks:[a-z0-9-]+:\d{12}:([a-z]+(?:-[a-z]+)*)\/(.+)$/;

/** The text after the kind of resource in the ARNs that can carry tags here. */
const TAGGABLE: Readonly<Record<string, RegExp>> = {
  cluster: /^[^/]+$/,
  "access-entry": /^[^/]+\/(?:role|user)\/\d{12}\/[^/]+\/[^/]+$/,
};

/**
 * The `resourceArn` of a call about tags. Throws BadRequestException for any other text. Refuses by
 * name the kinds of EKS resources that do not exist here.
 */
export function resourceArn(input: Input): string {
  const arn = required(text(input, "resourceArn"), "resourceArn", badRequest);
  const [, kind, rest] = EKS_ARN.exec(arn) ?? [];
  if (kind === undefined || rest === undefined) throw badRequest(`Invalid resource ARN: ${arn}`);
  const form = ownValue(TAGGABLE, kind);
  if (form === undefined) throw notEmulated(`the tags of a ${kind}`);
  if (!form.test(rest)) throw badRequest(`Invalid resource ARN: ${arn}`);
  return arn;
}

/** Throws NotFoundException. */
export function requireTagged(state: EksState, arn: string): Cluster | AccessEntry {
  const tagged = findTagged(state, arn);
  if (tagged === undefined) throw taggedResourceNotFound(arn);
  return tagged.holder;
}

/** A question about the resource of an ARN; without such a resource, about the ARN itself. */
export function askOnTagged(
  action: string,
  state: EksState,
  arn: string,
  keys: Context = {},
): PermissionCheck {
  return { action, resource: arn, context: { ...resourceContext(state, arn), ...keys } };
}

function resourceContext(state: EksState, arn: string): Context {
  const tagged = findTagged(state, arn);
  if (tagged === undefined) return {};
  if (tagged.kind === "cluster") return tagContext("aws:ResourceTag/", tagged.holder.tags);
  return {
    "eks:clusterName": tagged.cluster.name,
    "eks:principalArn": tagged.holder.principalArn,
    ...entryContext(tagged.holder),
  };
}
