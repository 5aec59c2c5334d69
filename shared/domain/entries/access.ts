import type { Access } from "../requests/request.ts";
import { accessPolicyArn, clusterOf } from "../values/arn.ts";
import { type ElementSet, setOf } from "../values/element-set.ts";
import { scopeElements } from "./scope.ts";

/**
 * The meaning of an access on an access entry. A target is the ARN of an access policy, with its
 * scope as elements, or `groups`, with elements `group/<name>`.
 */
export interface Reach {
  readonly target: string;
  readonly elements: ElementSet;
}

export const GROUPS = "groups";
const GROUP = "group/";

export function reachOf(access: Access, clusterArn: string): Reach {
  if ("groups" in access) return { target: GROUPS, elements: groupElements(access.groups) };
  const { partition } = clusterOf(clusterArn);
  return {
    target: accessPolicyArn(partition, access.policy),
    elements: scopeElements(access.scope),
  };
}

export const groupElements = (groups: readonly string[]): ElementSet =>
  setOf(groups.map((name) => GROUP + name));

export const groupsFromElements = (elements: ElementSet): readonly string[] =>
  elements.map((element) => element.slice(GROUP.length));
