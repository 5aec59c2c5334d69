/** The clusters that somebody named for a new policy. */
import { parseClusterArn, partitionOf } from "../../shared/domain/values/arn.ts";
import { Failure } from "../failures/failure.ts";

export interface ChosenCluster {
  /** In access.yaml. */
  readonly name: string;
  readonly arn: string;
  /** As EKS says; undefined where nobody asked it. */
  readonly mode?: string;
}

interface BrokerPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * @param texts a name in EKS, an ARN, or `<name>=<ARN>`
 * @throws Failure `usage` where two have the same name
 */
export function chosenClusters(
  texts: readonly string[],
  place: BrokerPlace,
): readonly ChosenCluster[] {
  const clusters = texts.map((text) => chosen(text, place));
  const twice = clusters.find(
    ({ name }, at) => clusters.findIndex((one) => one.name === name) < at,
  );
  if (twice) throw calledTheSame(twice);
  return clusters;
}

function chosen(text: string, { account, region }: BrokerPlace): ChosenCluster {
  const [, name, what = ""] = /^(?:([^=]+)=)?(.*)$/.exec(text) ?? [];
  const arn = what.startsWith("arn:")
    ? what
    : `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${what}`;
  return { name: name ?? policyName(parseClusterArn(arn)?.name ?? what), arn };
}

/** A name that access.yaml takes, made from one that EKS takes: it has only lower case. */
export const policyName = (eksName: string): string =>
  eksName
    .toLowerCase()
    .replace(/[^a-z0-9]+$/, "")
    .slice(0, 64);

const calledTheSame = ({ name, arn }: ChosenCluster) =>
  new Failure("usage", "clusters-alike", {
    what: `Two clusters would be called ${name}.`,
    notDone: "Nothing was written.",
    next: [`Next: call one of them otherwise: --cluster ${name}-2=${arn}`],
  });
