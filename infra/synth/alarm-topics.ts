/** SNS topics that an alarm may notify: CloudWatch takes only those of its own region. Pure. */
import type { BrokerPlace, Topology } from "./topology.ts";

const TOPIC = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256}$/;

/** Account and region of an ARN; undefined unless it is a standard topic. */
function placeOf(arn: string): BrokerPlace | undefined {
  const [, region, account] = TOPIC.exec(arn) ?? [];
  return region === undefined || account === undefined ? undefined : { account, region };
}

/** ARNs of standard topics, as they are written. */
export const isTopic = (arn: string): boolean => placeOf(arn) !== undefined;

/** Topics of an account and region. */
export const topicsAt = (
  topics: readonly string[],
  { account, region }: BrokerPlace,
): readonly string[] =>
  topics.filter((arn) => {
    const place = placeOf(arn);
    return place?.account === account && place.region === region;
  });

/**
 * Topics of the broker's region, whatever their account. A template that fits any region takes all.
 */
export const brokerTopics = (
  topics: readonly string[],
  { region }: Pick<Topology, "region">,
): readonly string[] =>
  topics.filter((arn) => region === undefined || placeOf(arn)?.region === region);

/** @throws Error for a topic that no alarm of the deployment could notify */
export function demandTopicsFit(topics: readonly string[], topology: Topology): void {
  const places = [
    ...topology.spokes.flatMap(({ account, regions }) =>
      regions.map((region) => ({ account, region })),
    ),
    ...topology.remoteRegions.map((region) => ({ account: topology.hub ?? "", region })),
  ];
  const near = brokerTopics(topics, topology);
  const wrong = topics.find(
    (arn) => !near.includes(arn) && !places.some((place) => topicsAt([arn], place).length > 0),
  );
  if (wrong === undefined) return;
  const known = [
    topology.region ?? "a region",
    ...places.map((one) => `${one.account}/${one.region}`),
  ];
  throw new Error(
    `The alarm topic ${JSON.stringify(wrong)} is no SNS topic of ${known.join(", ")}. Nothing was synthesized. Write ARNs of standard topics of the broker's region, or of an account and region with clusters.`,
  );
}
