/** A real grant, from the request until EKS shows its access no longer, and CloudTrail all of its calls. */
import { evidenceOf } from "../../../api/evidence.ts";
import { type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsOf } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { lendView } from "./lend-view.ts";
import { entrySight } from "./smoke-sight.ts";

export const grant: Part = {
  name: "grant",
  does: "asks for AmazonEKSViewPolicy as yourself for five minutes on the first named cluster, waits for an approver, for the end, and for CloudTrail",
  async play(stage): Promise<readonly Fact[]> {
    const { asker, clusters, policy, deployed } = stage;
    const [cluster] = clusters;
    if (!cluster) return [];
    const clients = clientsOf(stage, cluster);
    return lendView({
      ...asker,
      policy,
      cluster: cluster.name,
      account: deployed.account,
      api: await asker.context.api(),
      sight: { entry: (arn, principal) => entrySight(clients, arn, principal) },
      confirmed: (requestId) => confirmed(stage, requestId),
    });
  },
};

/** Waits until nothing of the grant's calls is unconfirmed. */
async function confirmed(stage: Stage, requestId: string): Promise<readonly Fact[]> {
  const api = await stage.asker.context.api();
  const { evidenceLookupSeconds } = stage.deployed.settings;
  const began = stage.now();
  const isKnown = (await evidenceOf(api, requestId)) !== undefined;
  if (!isKnown)
    return [
      unsettled(
        "grant-confirmed",
        redactable`only auditors read the evidence of ${named("request", requestId)}`,
        redactable`ask one for timelatch show of it: each call has to be confirmed`,
      ),
    ];
  const states = await stage.until(
    redactable`CloudTrail to confirm the calls of ${named("request", requestId)}`,
    evidenceLookupSeconds + stage.pace.trailSeconds,
    async () => {
      const { calls = [] } = (await evidenceOf(api, requestId)) ?? {};
      const known = calls.flatMap(({ state }) => (state === null ? [] : [state]));
      return known.includes("unconfirmed") ? undefined : known;
    },
    stage.pace.trailPollMs,
  );
  const missing = states?.filter((state) => state === "missing").length;
  const took = (stage.now() - began) / 1_000;
  return [
    judged(missing === 0, "grant-confirmed", {
      says:
        missing === undefined
          ? redactable`not every call of ${named("request", requestId)} was confirmed in ${seconds(took)}`
          : redactable`${(states ?? []).length - missing} of ${(states ?? []).length} calls of ${named("request", requestId)} were confirmed ${seconds(took)} after its end was proven`,
      next: redactable`timelatch doctor --smoke --only trail says whether CloudTrail or the bus is late`,
      numbers: { afterSeconds: took },
    }),
  ];
}
