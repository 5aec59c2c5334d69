import type { Operation, PermissionCheck } from "../../service.ts";
import { nextEntryArn } from "../arns.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { digest } from "../digest.ts";
import { CREATION_RULES } from "../entry-rules.ts";
import { isEntryType } from "../entry-types.ts";
import { entryExists, invalidPrincipal, tooManyEntries } from "../errors.ts";
import { requireEntryCluster, validClusterName } from "../find.ts";
import { type Input, required, text, textMap, texts } from "../input.ts";
import { addEntry } from "../new-entry.ts";
import { ownValue } from "../own-value.ts";
import { askOnCluster, context, requestTags } from "../permissions.ts";
import { parsePrincipal } from "../principal.ts";
import { currentPrincipalId, requireKnownPrincipal } from "../principal-id.ts";
import { madeByToken } from "../repeated-token.ts";
import { settledState } from "../settle.ts";
import type { EksState } from "../state.ts";
import { accessEntryShape } from "../wire.ts";

/** Amazon EKS quotas, "Access entries per cluster": not adjustable. */
const MAX_ENTRIES = 3000;

/** IAM wants iam:PassRole for these types (EKS user guide, "Create access entries"). */
const PASSED_TYPES = ["EC2_LINUX", "EC2_WINDOWS"];

/**
 * CreateAccessEntry. It first checks the request by itself (entry-rules.ts), the cluster, its mode,
 * and the principal in IAM. Then it checks for a repeated token, an existing entry, and the quota.
 */
export function createAccessEntry({ eks, iam, reads, iamLagSeconds }: EksDependencies): Operation {
  return {
    permissions: (input) => creationChecks(eks.state, read(input)),
    run: (call) => {
      const request = read(call.input);
      const { clusterName, principalArn, type, clientRequestToken } = request;
      validClusterName(clusterName);
      enforce({ ...request, accountId: eks.state.accountId }, CREATION_RULES);
      const principal = parsePrincipal(principalArn);
      if (principal === undefined || !isEntryType(type)) throw invalidPrincipal();
      requireEntryCluster(settledState(eks, call.now), clusterName);
      const principalId = currentPrincipalId(iam.state, principal);
      requireKnownPrincipal(iam.state, principal, call.now, iamLagSeconds ?? 0);
      const creationDigest = digestOf(request);
      const seen = reads.entry(call, clusterName, principalArn);

      return eks.change((state) => {
        const cluster = requireEntryCluster(state, clusterName);
        const entries = Object.values(cluster.entries);
        // A token that was used may be answered with a deleted entry that a stale read still shows.
        const known = seen === undefined ? entries : [...entries, seen];
        const repeated = madeByToken(known, clientRequestToken, creationDigest);
        if (repeated !== undefined) return { accessEntry: accessEntryShape(clusterName, repeated) };
        const isThere = ownValue(cluster.entries, principalArn) !== undefined;
        if (isThere || seen !== undefined) throw entryExists();
        if (entries.length >= MAX_ENTRIES) throw tooManyEntries(MAX_ENTRIES);
        const { username, kubernetesGroups, tags } = request;
        const entry = addEntry(
          state,
          cluster,
          {
            principal,
            principalId,
            type,
            username,
            kubernetesGroups,
            tags,
            clientRequestToken,
            creationDigest,
          },
          call.now,
        );
        return { accessEntry: accessEntryShape(clusterName, entry) };
      });
    },
  };
}

/** The permissions that the caller needs. */
function creationChecks(
  state: EksState,
  request: ReturnType<typeof read>,
): readonly PermissionCheck[] {
  const { clusterName, principalArn, type, tags } = request;
  return [
    askOnCluster("eks:CreateAccessEntry", state, clusterName, {
      ...context({
        "eks:principalArn": principalArn,
        // AWS does not say whether the key is there when the caller names no type. Here it
        // is, since the API fills in the default before it asks.
        "eks:accessEntryType": type,
        "eks:kubernetesGroups": request.kubernetesGroups,
        "eks:username": request.username,
      }),
      ...requestTags(tags),
    }),
    // Many AWS services do so for tags at creation; it is not documented for EKS. The resource is
    // the entry to be, under the ARN it will get.
    ...(Object.keys(tags).length === 0
      ? []
      : [
          {
            action: "eks:TagResource",
            resource: nextEntryArn(state, clusterName, principalArn),
            context: {
              "eks:clusterName": clusterName,
              "eks:principalArn": principalArn,
              "eks:accessEntryType": type,
              ...requestTags(tags),
            },
          },
        ]),
    // AWS does not publish the service that the role is passed to, so a policy that conditions on
    // iam:PassedToService denies here.
    ...(PASSED_TYPES.includes(type) && parsePrincipal(principalArn)?.kind === "role"
      ? [{ action: "iam:PassRole", resource: principalArn }]
      : []),
  ];
}

function read(input: Input) {
  return {
    clusterName: required(text(input, "clusterName"), "clusterName"),
    principalArn: required(text(input, "principalArn"), "principalArn"),
    type: text(input, "type") ?? "STANDARD",
    // An empty username asks for the default.
    username: text(input, "username") || undefined,
    kubernetesGroups: texts(input, "kubernetesGroups"),
    tags: textMap(input, "tags") ?? {},
    clientRequestToken: text(input, "clientRequestToken"),
  };
}

/** Over everything the caller asked for; the order of tags says nothing, that of groups is kept. */
function digestOf(request: ReturnType<typeof read>): string {
  return digest(
    request.principalArn,
    request.type,
    request.username ?? null,
    request.kubernetesGroups ?? null,
    Object.entries(request.tags).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
