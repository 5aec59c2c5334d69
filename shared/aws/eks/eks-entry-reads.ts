import {
  type AccessEntry,
  type AssociatedAccessPolicy,
  DescribeAccessEntryCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { GROUPS, groupElements } from "../../domain/entries/access.ts";
import { scopeElements } from "../../domain/entries/scope.ts";
import type { ElementSet } from "../../domain/values/element-set.ts";
import type { AccessEntries, CallSession, EntryAddress } from "../../ports/access-entries.ts";
import type { AwsCallOptions } from "../calls/aws-call.ts";
import { type EksCaller, type EksOptions, entryNames } from "./eks-caller.ts";
import { incomplete, orAbsent } from "./eks-error-names.ts";

/** How long one read may take with all its calls, so that no removal waits longer for it. */
const READ_MS = 2_000;

type Targets = Readonly<Record<string, ElementSet>>;

/** Reads an entry: DescribeAccessEntry, then every page of ListAssociatedAccessPolicies. */
export function eksEntryReads(
  eks: EksCaller,
  { deadline }: Pick<AwsCallOptions, "deadline">,
): Pick<AccessEntries, "read"> {
  return {
    async read(address, session) {
      const end = deadline() - READ_MS;
      const options = { isRead: true, left: () => deadline() - end };
      const describe = new DescribeAccessEntryCommand(entryNames(address));
      const described = await orAbsent(
        eks(address, session, "DescribeAccessEntry", describe, options),
      );
      if (!("output" in described)) return undefined;
      const { accessEntry: entry = {} } = described.output;
      const { accessEntryArn, createdAt, username = "", type = "", tags = {} } = entry;
      if (!accessEntryArn) throw incomplete(described.record, "accessEntryArn");
      if (!createdAt) throw incomplete(described.record, "createdAt");
      const policies = await associations(eks, address, session, options);
      return {
        accessEntryArn,
        type,
        username,
        createdAt: createdAt.toISOString(),
        tags,
        targets: { ...scopesOf(policies), ...groupsOf(entry) },
      };
    },
  };
}

/** Empty if EKS no longer finds the entry it has just described: it may be new, or gone. */
async function associations(
  eks: EksCaller,
  address: EntryAddress,
  session: CallSession,
  options: EksOptions,
  from?: string,
): Promise<readonly AssociatedAccessPolicy[]> {
  const list = new ListAssociatedAccessPoliciesCommand({ ...entryNames(address), nextToken: from });
  const page = await orAbsent(eks(address, session, "ListAssociatedAccessPolicies", list, options));
  if (!("output" in page)) return [];
  const { associatedAccessPolicies = [], nextToken } = page.output;
  if (!nextToken) return associatedAccessPolicies;
  const rest = await associations(eks, address, session, options, nextToken);
  return [...associatedAccessPolicies, ...rest];
}

const scopesOf = (policies: readonly AssociatedAccessPolicy[]): Targets =>
  Object.fromEntries(
    policies.flatMap(({ policyArn, accessScope }) => {
      const elements = elementsOf(accessScope);
      return policyArn && elements.length > 0 ? [[policyArn, elements]] : [];
    }),
  );

function groupsOf({ kubernetesGroups = [] }: AccessEntry): Targets {
  const groups = groupElements(kubernetesGroups);
  return groups.length > 0 ? { [GROUPS]: groups } : {};
}

function elementsOf(scope: AssociatedAccessPolicy["accessScope"]): ElementSet {
  if (scope?.type === "cluster") return scopeElements({ type: "cluster" });
  return scopeElements({ type: "namespace", namespaces: scope?.namespaces ?? [] });
}
