/** Accounts and regions with clusters, in which nobody named one. Pure. */
import { remotePlaces } from "../expected-names.ts";
import { type Fact, unsettled } from "./fact.ts";
import { named, told } from "./report/told.ts";
import type { FactName } from "./settled-facts.ts";
import type { Stage } from "./stage.ts";

/** The facts that stay unsettled there: each place has schedules, rules and roles of its own. */
export function unsettledElsewhere(
  { policy, deployed, clusters }: Pick<Stage, "policy" | "deployed" | "clusters">,
  fact: FactName,
): readonly Fact[] {
  const { account, region } = deployed;
  const isNamed = (place: { readonly account: string; readonly region: string }) =>
    clusters.some(({ at }) => at.account === place.account && at.region === place.region);
  return remotePlaces(policy, { account, region })
    .filter((place) => !isNamed(place))
    .map((place) =>
      unsettled(
        fact,
        told`no cluster in ${named("account", place.account)}, ${named("region", place.region)} was named`,
        told`name one, too: timelatch doctor --smoke <cluster> --smoke <other cluster>`,
      ),
    );
}
