/** Accounts and regions with clusters, in which nobody named one. Pure. */
import { remotePlaces } from "../expected-names.ts";
import { type Fact, unsettled } from "./fact.ts";
import { named, redactable } from "./report/redactable.ts";
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
        redactable`no cluster in ${named("account", place.account)}, ${named("region", place.region)} was named`,
        redactable`name one, too: timelatch doctor --smoke <cluster> --smoke <other cluster>`,
      ),
    );
}
