import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
  type AccessScope as ScopeOfEks,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import type { STSClient } from "@aws-sdk/client-sts";
import { GROUPS, groupElements } from "../domain/access.ts";
import { parsePrincipalArn } from "../domain/arn.ts";
import type { ElementSet } from "../domain/element-set.ts";
import { MANAGED_BY, TAG_MANAGED_BY, TAG_TOKEN } from "../domain/ledger.ts";
import type { AccessScope } from "../domain/request.ts";
import { scopeElements } from "../domain/scope.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallRecord,
  type CallSession,
  type EntryAddress,
} from "../ports/access-entries.ts";
import { type AwsCall, type AwsCallOptions, awsCaller } from "./aws-call.ts";
import type { Classified } from "./classify-failure.ts";
import { grantorSessions } from "./grantor-sessions.ts";

const NOT_FOUND = "ResourceNotFoundException";

/**
 * Access entries of EKS, and their principals in IAM, under the grantor roles.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html
 *
 * Besides AWS's own names, a CallFailed may carry `ClusterNotFound` and
 * `AuthenticationModeConfigMap`: EKS has one exception for them and for others that mean less.
 */
export function eksAccessEntries(sts: STSClient, options: AwsCallOptions): AccessEntries {
  const call = awsCaller(options);
  const sessions = grantorSessions(sts, call, options.chance.now);

  /** One call to EKS under the role for policies, or for groups. */
  const eks = async <Output extends { readonly $metadata: { readonly requestId?: string } }>(
    { cluster }: Pick<EntryAddress, "cluster">,
    session: CallSession,
    operation: string,
    send: (client: EKSClient, options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
    { role = "policies", reclassify = withinEks }: Partial<EksCall> = {},
  ) => {
    const { eks: client } = await sessions(cluster, role, session);
    const { sessionName } = session;
    return await call({
      operation,
      sessionName,
      send: (within) => send(client, within),
      reclassify,
    });
  };

  return {
    async read(address, session) {
      const names = entryNames(address);
      const described = await orAbsent(
        eks(address, session, "DescribeAccessEntry", (client, within) =>
          client.send(new DescribeAccessEntryCommand(names), within),
        ),
      );
      const entry = "output" in described ? described.output.accessEntry : undefined;
      if (!entry?.accessEntryArn) return undefined;
      const targets: Record<string, ElementSet> = {};
      let nextToken: string | undefined;
      do {
        const from = nextToken;
        const page = await orAbsent(
          eks(address, session, "ListAssociatedAccessPolicies", (client, within) =>
            client.send(
              new ListAssociatedAccessPoliciesCommand({ ...names, nextToken: from }),
              within,
            ),
          ),
        );
        // Deleted since it was described.
        if (!("output" in page)) return undefined;
        for (const { policyArn, accessScope } of page.output.associatedAccessPolicies ?? []) {
          const elements = elementsOf(accessScope);
          if (policyArn && elements.length > 0) targets[policyArn] = elements;
        }
        nextToken = page.output.nextToken;
      } while (nextToken);
      const groups = groupElements(entry.kubernetesGroups ?? []);
      return {
        accessEntryArn: entry.accessEntryArn,
        type: entry.type ?? "",
        createdAt: (entry.createdAt ?? new Date(0)).toISOString(),
        tags: entry.tags ?? {},
        targets: groups.length > 0 ? { ...targets, [GROUPS]: groups } : targets,
      };
    },

    async principal({ cluster, principalArn }, session) {
      const principal = parsePrincipalArn(principalArn);
      const unreadable = whyUnreadable(principal, cluster.account);
      if (!principal || unreadable)
        throw new CallFailed("refused", "PrincipalUnreadable", unreadable ?? "", {
          operation: "GetRole",
          requestId: null,
          sessionName: session.sessionName,
          at: options.chance.now(),
          result: "PrincipalUnreadable",
        });
      const { iam } = await sessions(cluster, "policies", session);
      try {
        const { output } = await call({
          operation: "GetRole",
          sessionName: session.sessionName,
          send: (within) => iam.send(new GetRoleCommand({ RoleName: principal.name }), within),
        });
        // Names are unique whatever the path: the name may have gone to a role of another path.
        const { Arn, RoleId, CreateDate } = output.Role ?? {};
        if (Arn !== principalArn || !RoleId || !CreateDate) return undefined;
        return { id: RoleId, createdAt: CreateDate.toISOString() };
      } catch (error) {
        if (error instanceof CallFailed && NO_SUCH_ENTITY.has(error.code)) return undefined;
        throw error;
      }
    },

    async cluster(cluster, session) {
      try {
        const { output } = await eks({ cluster }, session, "DescribeCluster", (client, within) =>
          client.send(new DescribeClusterCommand({ name: cluster.name }), within),
        );
        const { createdAt, accessConfig } = output.cluster ?? {};
        if (!createdAt) return undefined;
        // A cluster that says nothing of it is of the time before there were access entries.
        const authenticationMode = accessConfig?.authenticationMode ?? "CONFIG_MAP";
        return { createdAt: createdAt.toISOString(), authenticationMode };
      } catch (error) {
        if (error instanceof CallFailed && error.code === "ClusterNotFound") return undefined;
        throw error;
      }
    },

    async create(address, session, { token, groups }) {
      const { record } = await eks(
        address,
        session,
        "CreateAccessEntry",
        (client, within) =>
          client.send(
            new CreateAccessEntryCommand({
              ...entryNames(address),
              // Said although it is the default: IAM conditions need to find it in the request.
              type: "STANDARD",
              clientRequestToken: token,
              tags: { [TAG_MANAGED_BY]: MANAGED_BY, [TAG_TOKEN]: token },
              ...(groups.length > 0 ? { kubernetesGroups: [...groups] } : {}),
            }),
            within,
          ),
        { role: groups.length > 0 ? "groups" : "policies" },
      );
      return record;
    },

    async updateGroups(address, session, groups) {
      const { record } = await eks(
        address,
        session,
        "UpdateAccessEntry",
        (client, within) =>
          client.send(
            new UpdateAccessEntryCommand({
              ...entryNames(address),
              kubernetesGroups: [...groups],
            }),
            within,
          ),
        { role: "groups", reclassify: withinNewEntry },
      );
      return record;
    },

    async associate(address, session, policyArn, scope) {
      const { record } = await eks(
        address,
        session,
        "AssociateAccessPolicy",
        (client, within) =>
          client.send(
            new AssociateAccessPolicyCommand({
              ...entryNames(address),
              policyArn,
              accessScope: scopeForEks(scope),
            }),
            within,
          ),
        { reclassify: withinNewEntry },
      );
      return record;
    },

    async disassociate(address, session, policyArn) {
      const answer = await orAbsent(
        eks(address, session, "DisassociateAccessPolicy", (client, within) =>
          client.send(
            new DisassociateAccessPolicyCommand({ ...entryNames(address), policyArn }),
            within,
          ),
        ),
      );
      return answer.record;
    },

    async remove(address, session) {
      const answer = await orAbsent(
        eks(address, session, "DeleteAccessEntry", (client, within) =>
          client.send(new DeleteAccessEntryCommand(entryNames(address)), within),
        ),
      );
      return answer.record;
    },
  };
}

interface EksCall {
  readonly role: "policies" | "groups";
  readonly reclassify: NonNullable<AwsCall<unknown>["reclassify"]>;
}

const NO_SUCH_ENTITY: ReadonlySet<string> = new Set(["NoSuchEntityException", "NoSuchEntity"]);

const entryNames = ({ cluster, principalArn }: EntryAddress) => ({
  clusterName: cluster.name,
  principalArn,
});

/** An answer, or the record alone where the thing was not there. */
async function orAbsent<Answer extends { readonly record: CallRecord }>(
  answer: Promise<Answer>,
): Promise<Answer | { readonly record: CallRecord }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallFailed && error.code === NOT_FOUND) return { record: error.record };
    throw error;
  }
}

/** What EKS tells by its text alone, and the name that it has here. */
const TOLD_APART: readonly {
  readonly name: string;
  readonly text: RegExp;
  readonly code: string;
}[] = [
  { name: NOT_FOUND, text: /^No cluster found/i, code: "ClusterNotFound" },
  {
    name: "InvalidRequestException",
    text: /authentication mode must be set to one of/i,
    code: "AuthenticationModeConfigMap",
  },
];

function withinEks(failed: Classified, message: string): Classified {
  const told = TOLD_APART.find(({ name, text }) => name === failed.code && text.test(message));
  return told ? { ...failed, code: told.code } : failed;
}

/**
 * An entry is eventually consistent: just after its creation, other calls may not find it yet.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function withinNewEntry(failed: Classified, message: string): Classified {
  const notYet = failed.code === NOT_FOUND && /principalArn could not be found/i.test(message);
  return notYet ? { ...failed, failure: "throttled" } : withinEks(failed, message);
}

function elementsOf(scope: ScopeOfEks | undefined): ElementSet {
  if (scope?.type === "cluster") return scopeElements({ type: "cluster" });
  return scopeElements({ type: "namespace", namespaces: scope?.namespaces ?? [] });
}

/** EKS refuses namespaces beside the type `cluster`, even none. */
const scopeForEks = (scope: AccessScope): ScopeOfEks =>
  scope.type === "cluster"
    ? { type: "cluster" }
    : { type: "namespace", namespaces: [...scope.namespaces] };

function whyUnreadable(
  principal: ReturnType<typeof parsePrincipalArn>,
  account: string,
): string | undefined {
  if (principal?.kind !== "role")
    return "Only an IAM role's unique id is read. Nothing was called; lend to a role.";
  if (principal.account !== account)
    return `The role is of account ${principal.account}, and the grantor role of ${account} cannot read it. Nothing was called.`;
  return undefined;
}
