/**
 * Reads the parameters of a call to EKS: CloudTrail's `requestParameters` of calls about access
 * entries. The cluster is `name`, as in the path of the call.
 */
import type { AccessScope } from "../../requests/request.ts";
import { parseClusterArn, partitionOf } from "../../values/arn.ts";
import type { EntryOperation, TrailEvent } from "./trail-event.ts";
import { arnOf, exact, labelOrNull, memberOf, Refused } from "./trail-text.ts";

type Parameters = Pick<
  TrailEvent,
  "clusterArn" | "principalArn" | "policyArn" | "scope" | "groups" | "username"
>;

const NOTHING: Parameters = {
  clusterArn: null,
  principalArn: null,
  policyArn: null,
  scope: null,
  groups: null,
  username: null,
};

/** Where a call was made, and whether it failed. */
export interface CallPlace {
  readonly operation: EntryOperation;
  readonly account: string;
  readonly region: string;
  readonly hasFailed: boolean;
}

/**
 * The parameters of the call. A call that failed may lack its parameters, or have impossible ones:
 * they count as absent.
 *
 * @throws Refused `malformed`
 */
export function readParameters(value: unknown, place: CallPlace): Parameters {
  try {
    return {
      clusterArn: clusterIn(value, place),
      principalArn: arnOf(memberOf(value, "principalArn"), "principalArn"),
      ...READ[place.operation](value),
    };
  } catch (error) {
    if (place.hasFailed) return NOTHING;
    throw error;
  }
}

type Own = Omit<Parameters, "clusterArn" | "principalArn">;

const NO_OWN: Own = { policyArn: null, scope: null, groups: null, username: null };

/** The parameters that an operation has beside cluster and principal. */
const READ: Readonly<Record<EntryOperation, (value: unknown) => Own>> = {
  CreateAccessEntry: (value) => ({
    ...NO_OWN,
    groups: groupsIn(value) ?? [],
    username: usernameIn(value),
  }),
  UpdateAccessEntry: (value) => ({
    ...NO_OWN,
    groups: groupsIn(value),
    username: usernameIn(value),
  }),
  DeleteAccessEntry: () => NO_OWN,
  AssociateAccessPolicy: (value) => ({
    ...NO_OWN,
    policyArn: arnOf(memberOf(value, "policyArn"), "policyArn"),
    scope: scopeIn(memberOf(value, "accessScope")),
  }),
  DisassociateAccessPolicy: (value) => ({
    ...NO_OWN,
    policyArn: arnOf(memberOf(value, "policyArn"), "policyArn"),
  }),
};

function clusterIn(value: unknown, { account, region }: CallPlace): string {
  const name = memberOf(value, "name") ?? memberOf(value, "clusterName");
  const alias = memberOf(value, "clusterName") ?? name;
  if (alias !== name) throw new Refused("malformed", "name and clusterName differ.");
  const cluster = exact(name, 100, "name");
  const arn = `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${cluster}`;
  if (!parseClusterArn(arn)) throw new Refused("malformed", "No cluster has this name.");
  return arn;
}

const usernameIn = (value: unknown) => labelOrNull(memberOf(value, "username"), 256);

function groupsIn(value: unknown): readonly string[] | null {
  const groups = memberOf(value, "kubernetesGroups");
  return groups === undefined || groups === null ? null : names(groups, "kubernetesGroups");
}

function scopeIn(value: unknown): AccessScope {
  const type = memberOf(value, "type");
  if (type === "cluster") return { type };
  if (type !== "namespace") throw new Refused("malformed", "accessScope.type is unknown.");
  return { type, namespaces: names(memberOf(value, "namespaces"), "namespaces") };
}

/**
 * Kubernetes takes almost any text as a name. A strange one is kept and cut, so that nobody hides a
 * change behind it.
 */
function names(value: unknown, name: string): readonly string[] {
  const texts = Array.isArray(value) ? value.map((each) => labelOrNull(each, 256)) : [null];
  if (texts.includes(null)) throw new Refused("malformed", `${name} is not a list of texts.`);
  return texts.filter((text) => text !== null);
}
