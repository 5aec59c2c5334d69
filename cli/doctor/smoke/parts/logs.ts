/** How late EKS writes audit events, and whether somebody gave API Gateway a policy for its log. */
import { contradicted, type Fact, holds, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { unlessAbsent } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt, clientsOf } from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";

export const logs: Part = {
  name: "logs",
  does: "reads the latest audit events of each named cluster for their times only, and the policies of CloudWatch Logs",
  async play(stage): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for (const cluster of stage.clusters) facts.push(await lateness(stage, cluster));
    return [...facts, await policyFact(stage)];
  },
};

const WINDOW_MS = 1_800_000;
/** Enough to see how late they are. */
const PAGES = 5;
const LIMIT = 1_000;

interface Audited {
  readonly message?: string | undefined;
  readonly ingestionTime?: number | undefined;
}

async function lateness(stage: Stage, cluster: SmokeCluster): Promise<Fact> {
  const where = named("cluster", cluster.name);
  const events = await auditEvents(stage, cluster);
  const late = events?.flatMap(secondsLate) ?? [];
  if (late.length === 0)
    return unsettled(
      "audit-lag",
      redactable`${where} wrote no audit event in half an hour`,
      redactable`switch its audit log on: timelatch doctor --only clusters`,
    );
  const most = late.reduce((one, other) => Math.max(one, other), 0);
  const { activityDelaySeconds } = stage.deployed.settings;
  const numbers = { lateSeconds: most, events: late.length };
  const says = redactable`${late.length} audit events of ${where} were at most ${seconds(most)} late; the broker waits ${seconds(activityDelaySeconds)}`;
  const next = redactable`raise activityDelaySeconds above ${Math.ceil(most)} in infra/synth/settings.ts, and deploy`;
  return judged(most < activityDelaySeconds, "audit-lag", { says, next, numbers });
}

/** Undefined where the cluster has no log. */
async function auditEvents(
  stage: Stage,
  cluster: SmokeCluster,
): Promise<readonly Audited[] | undefined> {
  const client = await clientsOf(stage, cluster).logs();
  const { paginateFilterLogEvents } = await import("@aws-sdk/client-cloudwatch-logs");
  const asked = {
    logGroupName: `/aws/eks/${cluster.at.name}/cluster`,
    logStreamNamePrefix: "kube-apiserver-audit-",
    startTime: stage.now() - WINDOW_MS,
    limit: LIMIT,
  };
  return unlessAbsent(async () => {
    const found: Audited[] = [];
    let pages = 0;
    for await (const { events = [] } of paginateFilterLogEvents({ client }, asked)) {
      found.push(...events);
      pages += 1;
      if (pages >= PAGES) break;
    }
    return found;
  });
}

/** From the end of a request until CloudWatch has its event. A line that is cut off says nothing. */
function secondsLate({ message = "", ingestionTime = 0 }: Audited): readonly number[] {
  const [, stage] = /"stageTimestamp":"([^"]+)"/.exec(message) ?? [];
  const at = Date.parse(stage ?? "");
  return Number.isNaN(at) ? [] : [(ingestionTime - at) / 1_000];
}

async function policyFact(stage: Stage): Promise<Fact> {
  const client = await clientsAt(stage, stage.deployed).logs();
  // A region has ten at most: one page.
  const { resourcePolicies = [] } = await client.describeResourcePolicies({});
  const count = resourcePolicies.length;
  const naming = resourcePolicies.filter(({ policyDocument = "" }) =>
    stage.deployed.logGroups.some((group) => policyDocument.includes(group)),
  ).length;
  return naming === 0
    ? holds(
        "log-policy",
        redactable`none of ${count} resource policies of CloudWatch Logs names a log group of the deployment`,
        { policies: count },
      )
    : contradicted(
        "log-policy",
        redactable`${naming} of ${count} resource policies of CloudWatch Logs name a log group of the deployment`,
        redactable`nothing to do: the log is written either way`,
      );
}
