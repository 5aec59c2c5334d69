/**
 * The aws-auth ConfigMap: IAM principals by ARN, in the older way.
 *
 * Its members are YAML texts. Its role ARNs carry no path, since STS leaves it out of the ARN that
 * the authenticator compares. Sources: EKS User Guide, "Grant IAM users access to Kubernetes with a
 * ConfigMap"; kubernetes-sigs/aws-iam-authenticator.
 */
import { parse } from "yaml";
import * as z from "zod/mini";
import { type KubernetesState, objectKey, valueAt } from "./state.ts";

/** The user and groups that an ARN is mapped to. `username` may hold a template. */
export interface Mapping {
  readonly username: string;
  readonly groups: readonly string[];
}

const groups = z.optional(z.nullable(z.array(z.string())));
const username = z.string();
const mapRolesSchema = z.array(z.object({ rolearn: z.string(), username, groups }));
const mapUsersSchema = z.array(z.object({ userarn: z.string(), username, groups }));
const mapAccountsSchema = z.array(z.union([z.string(), z.pipe(z.number(), z.transform(String))]));

/** A member's YAML, checked against its schema; what does not parse maps nobody. */
function member<Schema extends z.ZodMiniType>(
  state: KubernetesState,
  name: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  const address = { group: "", resource: "configmaps", namespace: "kube-system", name: "aws-auth" };
  const text = valueAt(state.objects[objectKey(address)], "data", name);
  if (typeof text !== "string") return undefined;
  try {
    return schema.parse(parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The mapping of a canonical ARN, compared without regard to case; the last of several wins.
 * An account in `mapAccounts` maps each of its principals to their ARN, with no groups.
 */
export function awsAuthMapping(
  state: KubernetesState,
  canonicalArn: string,
  accountId: string,
): Mapping | undefined {
  const arn = canonicalArn.toLowerCase();
  const roles = (member(state, "mapRoles", mapRolesSchema) ?? []).map((one) => ({
    ...one,
    arn: one.rolearn,
  }));
  const users = (member(state, "mapUsers", mapUsersSchema) ?? []).map((one) => ({
    ...one,
    arn: one.userarn,
  }));
  const mapping = [...roles, ...users].findLast((one) => one.arn.toLowerCase() === arn);
  if (mapping !== undefined) return { username: mapping.username, groups: mapping.groups ?? [] };
  const accounts = member(state, "mapAccounts", mapAccountsSchema) ?? [];
  return accounts.includes(accountId) ? { username: canonicalArn, groups: [] } : undefined;
}
