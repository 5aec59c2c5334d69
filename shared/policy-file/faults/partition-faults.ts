/** Finds ARNs that can have nothing to do with each other: a deployment is in one partition of AWS. */
import type * as z from "zod/mini";
import { clusterOf, partitionIn, partitionOf } from "../../domain/values/arn.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;

/**
 * Faults of ARNs of another partition than the first cluster's, and of regions of another one. No account or session of
 * a partition is known to another, so nothing could be lent there. Pure.
 */
export function partitionFaults(file: File): readonly Fault[] {
  const [first] = Object.values(file.clusters);
  if (!first) return [];
  const { partition } = clusterOf(first.arn);
  return [...wrongRegions(file), ...arnsOf(file).flatMap((one) => foreign(one, partition))];
}

interface Named {
  readonly path: Fault["path"];
  readonly arn: string;
}

function wrongRegions({ clusters }: File): readonly Fault[] {
  return Object.entries(clusters).flatMap(([name, { arn }]) => {
    const { partition, region } = clusterOf(arn);
    const own = partitionOf(region);
    return own === partition
      ? []
      : [
          {
            path: ["clusters", name, "arn"],
            detail: `The region ${region} is in the partition ${own}, and the ARN says ${partition}. Write arn:${own}:…`,
          },
        ];
  });
}

function foreign({ path, arn }: Named, partition: string): readonly Fault[] {
  const own = partitionIn(arn);
  if (own === undefined || own === partition) return [];
  const detail = `It is in the partition ${own}, and the clusters are in ${partition}. Nothing reaches from one to the other. Write an ARN of ${partition}, or make a deployment for ${own}.`;
  return [{ path, detail }];
}

/** Every ARN of the file, in its order. */
function arnsOf({ clusters, identity, people, expected }: File): readonly Named[] {
  const listed = (path: Fault["path"], arns: readonly string[] = []): readonly Named[] =>
    arns.map((arn, at) => ({ path: [...path, at], arn }));
  return [
    ...Object.entries(clusters).map(([name, { arn }]) => ({
      path: ["clusters", name, "arn"],
      arn,
    })),
    ...identityArns(identity),
    ...Object.entries(people).flatMap(([name, { principals, identities }]) => [
      ...listed(["people", name, "principals"], principals),
      ...listed(["people", name, "identities", "iam"], identities.iam),
    ]),
    ...(expected ?? []).map(({ principal: arn }, at) => ({
      path: ["expected", at, "principal"],
      arn,
    })),
  ];
}

function identityArns(identity: File["identity"]): readonly Named[] {
  const { saml, accountAccess, sourceIdentity } = identity ?? {};
  const one = (path: Fault["path"], arn: string | undefined): readonly Named[] =>
    arn === undefined ? [] : [{ path: ["identity", ...path], arn }];
  const roles = (key: string, arns: readonly string[] = []) =>
    arns.flatMap((arn, at) => one([key, "roles", at], arn));
  return [
    ...one(["saml", "provider"], saml?.provider),
    ...roles("saml", saml?.roles),
    ...one(["accountAccess", "application"], accountAccess?.application),
    ...roles("sourceIdentity", sourceIdentity?.roles),
  ];
}
