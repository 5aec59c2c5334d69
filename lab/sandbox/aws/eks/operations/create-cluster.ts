import type { IamState } from "../../iam/state.ts";
import type { Caller, Operation, PermissionCheck } from "../../service.ts";
import { clusterArn } from "../arns.ts";
import { authenticationMode } from "../authentication-mode.ts";
import type { EksDependencies } from "../dependencies.ts";
import { digest } from "../digest.ts";
import { clusterExists, invalidParameter } from "../errors.ts";
import { validClusterName } from "../find.ts";
import { flag, type Input, required, structure, text, textMap, texts } from "../input.ts";
import { addEntry, type NewEntry } from "../new-entry.ts";
import { ownValue } from "../own-value.ts";
import { context, requestTags } from "../permissions.ts";
import { parsePrincipal } from "../principal.ts";
import { currentPrincipalId } from "../principal-id.ts";
import { refuseOthers } from "../refuse-others.ts";
import { madeByToken } from "../repeated-token.ts";
import { settledState } from "../settle.ts";
import type { AccessEntry, Cluster } from "../state.ts";
import { tagProblem } from "../tags.ts";
import { clusterShape } from "../wire.ts";

/** The version of a cluster when the caller names no version. */
const DEFAULT_VERSION = "1.33";

const CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/**
 * CreateCluster: CREATING, and ACTIVE `updateSeconds` later. In a mode with access entries its
 * creator gets an entry with AmazonEKSClusterAdminPolicy unless bootstrap permissions are refused.
 * The role and the network are returned and have no effect; what would have one is refused by
 * name.
 */
export function createCluster({ eks, iam, newCluster, updateSeconds }: EksDependencies): Operation {
  return {
    permissions: (input) => creationChecks(read(input)),
    run: (call) => {
      const request = read(call.input);
      const { name, mode, bootstrap, version, tags, clientRequestToken } = request;
      validClusterName(name);
      refuseInvalid(request);
      const creationDigest = digest(request);
      const clusters = settledState(eks, call.now).clusters;
      const repeated = madeByToken(Object.values(clusters), clientRequestToken, creationDigest);
      if (repeated !== undefined) return { cluster: clusterShape(repeated) };
      if (ownValue(clusters, name) !== undefined) throw clusterExists(name);

      const creator =
        bootstrap && mode !== "CONFIG_MAP" ? creatorEntry(iam.state, call.caller) : undefined;
      const address = newCluster(name);
      return eks.change((state) => {
        const cluster: Cluster = {
          name,
          arn: clusterArn(state, name),
          createdAt: call.now.toISOString(),
          version,
          platformVersion: "eks.1",
          status: "CREATING",
          settlesAt: new Date(call.now.getTime() + updateSeconds * 1000).toISOString(),
          authenticationMode: mode,
          bootstrapClusterCreatorAdminPermissions: bootstrap,
          ...address,
          roleArn: request.roleArn,
          resourcesVpcConfig: request.network,
          ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
          creationDigest,
          tags: { ...tags },
          entries: {},
          updates: {},
        };
        state.clusters[name] = cluster;
        if (creator !== undefined) {
          associateClusterAdmin(addEntry(state, cluster, creator, call.now));
        }
        return { cluster: clusterShape(cluster) };
      });
    },
  };
}

/** The permissions that the caller needs. */
function creationChecks(request: ReturnType<typeof read>): readonly PermissionCheck[] {
  return [
    {
      action: "eks:CreateCluster",
      resource: "*",
      context: {
        ...context({
          "eks:authenticationMode": request.mode,
          "eks:bootstrapClusterCreatorAdminPermissions": String(request.bootstrap),
          "eks:kubernetesVersion": request.version,
        }),
        ...requestTags(request.tags),
      },
    },
    { action: "iam:PassRole", resource: request.roleArn },
  ];
}

function refuseInvalid({ mode, bootstrap, version, tags }: ReturnType<typeof read>): void {
  const problem = tagProblem(tags);
  if (problem !== undefined) throw invalidParameter(problem);
  // AWS's text for the version is not published.
  if (!/^\d\.\d{1,2}$/.test(version)) {
    throw invalidParameter(`unsupported Kubernetes version ${version}`);
  }
  if (mode === "CONFIG_MAP" && !bootstrap) {
    throw invalidParameter(
      "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
    );
  }
}

/** The caller as the cluster's first administrator. A session's role must still exist. */
function creatorEntry(iam: IamState, caller: Caller): NewEntry {
  const principal = parsePrincipal(caller.principalArn);
  if (principal === undefined) {
    throw invalidParameter(
      `The creator ${caller.principalArn} can have no access entry, so no cluster was created. Create it as an IAM role, or with bootstrapClusterCreatorAdminPermissions=false.`,
    );
  }
  return {
    principal,
    principalId: currentPrincipalId(iam, principal),
    type: "STANDARD",
    tags: {},
  };
}

function associateClusterAdmin(entry: AccessEntry): void {
  entry.policies[CLUSTER_ADMIN] = {
    policyArn: CLUSTER_ADMIN,
    accessScope: { type: "cluster", namespaces: [] },
    associatedAt: entry.createdAt,
    modifiedAt: entry.createdAt,
  };
}

function read(input: Input) {
  const network = required(structure(input, "resourcesVpcConfig"), "resourcesVpcConfig");
  const access = structure(input, "accessConfig") ?? {};
  refuseOthers("CreateCluster", input, [
    "name",
    "version",
    "roleArn",
    "resourcesVpcConfig",
    "accessConfig",
    "tags",
    "clientRequestToken",
  ]);
  refuseOthers("CreateCluster's resourcesVpcConfig", network, ["subnetIds", "securityGroupIds"]);
  refuseOthers("CreateCluster's accessConfig", access, [
    "authenticationMode",
    "bootstrapClusterCreatorAdminPermissions",
  ]);
  return {
    name: required(text(input, "name"), "name"),
    version: text(input, "version") ?? DEFAULT_VERSION,
    roleArn: clusterRole(required(text(input, "roleArn"), "roleArn")),
    network: {
      subnetIds: texts(network, "subnetIds") ?? [],
      securityGroupIds: texts(network, "securityGroupIds") ?? [],
    },
    // The default of the API, the SDKs and CloudFormation; the console's is another.
    mode: authenticationMode(access) ?? "CONFIG_MAP",
    bootstrap: flag(access, "bootstrapClusterCreatorAdminPermissions") ?? true,
    tags: textMap(input, "tags") ?? {},
    clientRequestToken: text(input, "clientRequestToken"),
  };
}

/** A role's ARN. Whether the role exists is not looked at: nothing assumes it here. */
function clusterRole(roleArn: string): string {
  // AWS's text is not published.
  if (parsePrincipal(roleArn)?.kind !== "role") {
    throw invalidParameter(`The roleArn ${roleArn} is not the ARN of an IAM role`);
  }
  return roleArn;
}
