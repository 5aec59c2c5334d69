/**
 * From an IAM caller to a Kubernetes user, as EKS's authenticator does it.
 *
 * An access entry is bound to the IAM unique id that its principal had when it was created. A role
 * that was created again has another id. So its old entry lets nobody in, though the ARN is equal
 * (EKS User Guide, "Create access entries"). Shapes of uid and extra:
 * kubernetes-sigs/aws-iam-authenticator `pkg/server/server.go`.
 */
import type { AccessEntry, AuthenticationMode } from "../aws/eks/state.ts";
import type { Caller } from "../aws/service.ts";
import { awsAuthMapping, type Mapping } from "./aws-auth.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import type { KubernetesState } from "./state.ts";
import { AUTHENTICATED, PRINCIPAL_ID, type UserInfo } from "./user-info.ts";

/** `refused` says why, for the authenticator's log; the client gets only 401. */
export type Authentication =
  | { readonly user: UserInfo }
  | { readonly user?: undefined; readonly refused: string };

/** `arn:aws:sts::1:assumed-role/R/session` becomes `arn:aws:iam::1:role/R`; others stay. */
function canonicalArn(callerArn: string): string {
  return callerArn.replace(
    /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/,
    "arn:$1:iam::$2:role/$3",
  );
}

/** A role's ARN without its path, which canonical ARNs lack; a user's keeps it. */
const withoutRolePath = (arn: string): string =>
  arn.replace(/:role\/(?:.*\/)?([^/]+)$/, ":role/$1");

/** The session's name, `@` and all; empty for IAM users. */
const sessionName = (callerArn: string): string =>
  /:assumed-role\/[^/]+\/(.+)$/.exec(callerArn)?.[1] ?? "";

/** The sources that a mode reads, of the two. If it reads both, an entry wins. */
const SOURCES: Readonly<
  Record<AuthenticationMode, { readonly entries: boolean; readonly configMap: boolean }>
> = {
  API: { entries: true, configMap: false },
  API_AND_CONFIG_MAP: { entries: true, configMap: true },
  CONFIG_MAP: { entries: false, configMap: true },
};

function fillUsername(template: string, caller: Caller): string {
  const values: ReadonlyMap<string, string> = new Map([
    ["SessionName", sessionName(caller.arn).replaceAll("@", "-")],
    ["AccountID", caller.accountId],
    ["AccessKeyID", caller.accessKeyId],
  ]);
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function userOf(mapping: Mapping, caller: Caller, principalId: string): Authentication {
  const username = fillUsername(mapping.username, caller);
  const unknown = /\{\{.*?\}\}/.exec(username)?.[0];
  if (unknown !== undefined) return { refused: `the username template ${unknown} is not emulated` };
  if (username === "") return { refused: "the mapping has no username" };
  return {
    user: {
      username,
      uid: `aws-iam-authenticator:${caller.accountId}:${principalId}`,
      groups: [...mapping.groups, AUTHENTICATED],
      extra: {
        accessKeyId: [caller.accessKeyId],
        arn: [caller.arn],
        canonicalArn: [canonicalArn(caller.arn)],
        [PRINCIPAL_ID]: [principalId],
        sessionName: [sessionName(caller.arn)],
        "sigs.k8s.io/aws-iam-authenticator/principalId": [principalId],
      },
    },
  };
}

const ofEntry = ({ username, kubernetesGroups }: AccessEntry): Mapping => ({
  username,
  groups: kubernetesGroups,
});

/**
 * The caller's identity in the cluster. A principal whose entry is dead has no entry: with
 * API_AND_CONFIG_MAP its ARN may still be mapped by aws-auth.
 */
export function authenticate(
  caller: Caller,
  access: ClusterAccess,
  objects: KubernetesState,
): Authentication {
  const principalId = caller.userId.split(":")[0] ?? "";
  const canonical = canonicalArn(caller.arn);
  const sources = SOURCES[access.authenticationMode];
  if (sources.entries) {
    const entry = access.entries.find((one) => one.principalId === principalId);
    if (entry !== undefined) {
      return withoutRolePath(entry.principalArn) === canonical
        ? userOf(ofEntry(entry), caller, principalId)
        : { refused: `the entry of ${principalId} is for ${entry.principalArn}, not ${canonical}` };
    }
  }
  const mapping = sources.configMap
    ? awsAuthMapping(objects, canonical, caller.accountId)
    : undefined;
  if (mapping !== undefined) return userOf(mapping, caller, principalId);
  const dead =
    sources.entries &&
    access.entries.some((one) => withoutRolePath(one.principalArn) === canonical);
  return {
    refused: dead
      ? `the entry of ${canonical} is bound to another unique id than ${principalId}: the principal was recreated`
      : `nothing maps ${canonical}`,
  };
}
