import { createHash } from "node:crypto";
import { noSuchEntity, textIn, validationError } from "./role-name.ts";
import type { IamRole, IamState, PolicyDocument } from "./state.ts";

/**
 * Customer managed and AWS managed policies, found through the roles that have them. Only the
 * template makes them, and no API.
 */
export interface ManagedPolicy {
  readonly arn: string;
  readonly path: string;
  readonly name: string;
  readonly document: PolicyDocument;
  readonly roles: readonly IamRole[];
}

/** Attached policies stand in a role under their ARNs; no name of an inline policy holds a colon. */
export const isManaged = (nameOrArn: string): boolean => nameOrArn.startsWith("arn:");

/** A policy's last path segment is its name. */
export const managedName = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** Every policy that is attached to a role, in the order of their ARNs. */
export function managedPolicies(state: IamState): readonly ManagedPolicy[] {
  const roles = Object.values(state.roles);
  const documents = Object.assign({}, ...roles.map(({ policies }) => policies)) as Record<
    string,
    PolicyDocument
  >;
  return Object.entries(documents)
    .filter(([arn]) => isManaged(arn))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([arn, document]) => ({
      arn,
      path: arn.slice(arn.indexOf(":policy/") + ":policy".length, arn.lastIndexOf("/") + 1),
      name: managedName(arn),
      document,
      roles: roles.filter(({ policies }) => Object.hasOwn(policies, arn)),
    }));
}

/** The ARN that `PolicyArn` holds. @throws AwsError `ValidationError` 400 */
export const policyArnIn = (input: Record<string, unknown>): string =>
  textIn(input, "PolicyArn", /^arn:[\w-]+:iam::(\d{12}|aws):policy\/[\x21-\x7e]{1,512}$/);

/** @throws AwsError `NoSuchEntity` 404; `ValidationError` 400 */
export function managedPolicyNamed(state: IamState, input: Record<string, unknown>): ManagedPolicy {
  const arn = policyArnIn(input);
  const found = managedPolicies(state).find((policy) => policy.arn === arn);
  if (!found) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return found;
}

/** A policy here has one version, as the template made it. @throws AwsError as the API does */
export function onlyVersion(input: Record<string, unknown>): string {
  const version = textIn(input, "VersionId", /^v[1-9][0-9]*$/);
  if (version !== "v1")
    throw noSuchEntity(`Policy ${policyArnIn(input)} version ${version} does not exist.`);
  return version;
}

/** The `Policy` structure of GetPolicy and ListPolicies. */
export function policyAnswer({ arn, path, name, roles }: ManagedPolicy): Record<string, unknown> {
  // With the first role that had it; IAM counts in whole seconds.
  const [created = ""] = roles.map(({ createDate }) => createDate).sort();
  const at = created.replace(/\.\d+Z$/, "Z");
  const digest = createHash("sha256").update(arn).digest("hex").toUpperCase();
  return {
    PolicyName: name,
    // A policy keeps its id while it keeps its ARN.
    PolicyId: `ANPA${BigInt(`0x${digest}`).toString(32).toUpperCase().slice(0, 17)}`,
    Arn: arn,
    Path: path,
    DefaultVersionId: "v1",
    AttachmentCount: roles.length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: at,
    UpdateDate: at,
  };
}

/** Reads the scope of a list of policies. @throws AwsError `ValidationError` 400 */
export function inScope(input: Record<string, unknown>): (policy: ManagedPolicy) => boolean {
  const scope = input["Scope"] ?? "All";
  const ofAws = (policy: ManagedPolicy) => policy.arn.includes(":iam::aws:");
  if (scope === "All") return () => true;
  if (scope === "AWS") return ofAws;
  if (scope === "Local") return (policy) => !ofAws(policy);
  throw validationError("Scope is All, AWS or Local.");
}
