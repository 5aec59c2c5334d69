/** Reads an access entry with its policies from EKS, and describes it. */
import {
  DescribeAccessEntryCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eks";

/** A member of ListAssociatedAccessPolicies' response. */
export interface Association {
  readonly policyArn?: string | undefined;
  readonly accessScope?:
    | {
        readonly type?: string | undefined;
        readonly namespaces?: readonly string[] | undefined;
      }
    | undefined;
}

/** `AmazonEKSEditPolicy in payments-api, payments-worker`, or `… on the whole cluster`; sorted. */
export const policyTexts = (associations: readonly Association[]): readonly string[] =>
  associations
    .map(({ policyArn = "", accessScope }) => {
      const where =
        accessScope?.type === "cluster"
          ? "on the whole cluster"
          : `in ${[...(accessScope?.namespaces ?? [])].sort().join(", ")}`;
      return `${policyArn.slice(policyArn.lastIndexOf("/") + 1)} ${where}`;
    })
    .sort();

export interface AccessEntryView {
  /** As {@link policyTexts}. */
  readonly policies: readonly string[];
  /** As JSON, everything that must be equal when the entry is as it was before; `modifiedAt` may differ. */
  readonly identity: string;
}

/** Reads an entry; undefined if the principal has no entry. */
export async function readAccessEntry(
  eks: EKSClient,
  clusterName: string,
  principalArn: string,
): Promise<AccessEntryView | undefined> {
  try {
    const [{ accessEntry }, { associatedAccessPolicies = [] }] = await Promise.all([
      eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn })),
      eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn })),
    ]);
    const { modifiedAt: _modifiedAt, ...rest } = accessEntry ?? {};
    return {
      policies: policyTexts(associatedAccessPolicies),
      identity: JSON.stringify({ ...rest, associatedAccessPolicies }),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
