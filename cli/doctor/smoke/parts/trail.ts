/** How late CloudTrail shows the four calls that change access, and whether the broker hears of them. */
import { accessPolicyArn } from "../../../../shared/domain/values/arn.ts";
import type { FindingAnswer } from "../../../../shared/http/contract/answers.ts";
import { openFindings } from "../../../api/findings.ts";
import { Failure } from "../../../failures/failure.ts";
import { contradicted, type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { isThrottled } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import {
  associate,
  clientsOf,
  createEntry,
  NAMESPACE,
  onceKnown,
  scratchRole,
} from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import { unsettledElsewhere } from "../unnamed-places.ts";

export const trail: Part = {
  name: "trail",
  does: "makes, changes and deletes a scratch access entry on each named cluster, and waits until CloudTrail and the broker show it",
  makes: "a role that nobody can take, and its access entry",
  async play(stage) {
    const calls: Made[] = [];
    const began = new Date(stage.now() - MINUTE).toISOString();
    for (const cluster of stage.clusters) calls.push(...(await fourCalls(stage, cluster)));
    const facts: Fact[] = [];
    for (const cluster of stage.clusters) {
      const own = calls.filter((call) => call.cluster === cluster);
      facts.push(...(await lookedUp(stage, cluster, own)));
      facts.push(await heard(stage, cluster, own, began));
    }
    return [...facts, ...unsettledElsewhere(stage, "forwarding")];
  },
};

const MINUTE = 60_000;

/** A call that EKS answered. */
interface Made {
  readonly cluster: SmokeCluster;
  readonly principalArn: string;
  readonly operation: string;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly answeredAt: number;
}

/** Makes the calls by which access comes and goes. */
async function fourCalls(stage: Stage, cluster: SmokeCluster): Promise<readonly Made[]> {
  const scratch = await scratchRole(stage, cluster, "trail");
  const { eks, address } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSViewPolicy");
  const made: Made[] = [];
  const note = (operation: string, { $metadata: { requestId = "" } }: Answered) =>
    made.push({
      cluster,
      operation,
      requestId,
      answeredAt: stage.now(),
      principalArn: address.principalArn,
    });
  const created = await createEntry(stage, scratch);
  if (created) note("CreateAccessEntry", created.answer);
  note("AssociateAccessPolicy", await associate(stage, scratch, policyArn, [NAMESPACE]));
  note(
    "DisassociateAccessPolicy",
    await onceKnown(stage, scratch, () => eks.disassociateAccessPolicy({ ...address, policyArn })),
  );
  note("DeleteAccessEntry", await onceKnown(stage, scratch, () => eks.deleteAccessEntry(address)));
  return made;
}

/** The fields of every answer. */
interface Answered {
  readonly $metadata: { readonly requestId?: string };
}

/** Waits for each in the event history of its account and region. */
async function lookedUp(
  stage: Stage,
  cluster: SmokeCluster,
  calls: readonly Made[],
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const call of calls) {
    const seenAt = await stage.until(
      redactable`CloudTrail to show ${operationOf(call)} on ${named("cluster", cluster.name)}`,
      stage.pace.trailSeconds,
      () => inHistory(stage, call),
      stage.pace.trailPollMs,
    );
    facts.push(lateness(stage, call, seenAt));
  }
  return facts;
}

async function inHistory(stage: Stage, call: Made): Promise<number | undefined> {
  const client = await clientsOf(stage, call.cluster).cloudTrail();
  const { paginateLookupEvents } = await import("@aws-sdk/client-cloudtrail");
  const wanted = {
    LookupAttributes: [{ AttributeKey: "EventName" as const, AttributeValue: call.operation }],
    StartTime: new Date(call.answeredAt - 5 * MINUTE),
  };
  try {
    for await (const { Events = [] } of paginateLookupEvents({ client }, wanted))
      for (const { CloudTrailEvent = "{}" } of Events)
        if (requestIdOf(CloudTrailEvent) === call.requestId) return stage.now();
  } catch (error) {
    // It takes two look-ups a second, and the broker makes some too.
    if (!isThrottled(error)) throw error;
  }
  return undefined;
}

const requestIdOf = (record: string): unknown =>
  (JSON.parse(record) as { readonly requestID?: unknown }).requestID;

/** Operations are EKS's own names, which may be shown. */
const operationOf = ({ operation }: Pick<Made, "operation">) =>
  OPERATIONS.find(([name]) => name === operation)?.[1] ?? redactable`a call`;

const OPERATIONS = [
  ["CreateAccessEntry", redactable`CreateAccessEntry`],
  ["AssociateAccessPolicy", redactable`AssociateAccessPolicy`],
  ["DisassociateAccessPolicy", redactable`DisassociateAccessPolicy`],
  ["DeleteAccessEntry", redactable`DeleteAccessEntry`],
] as const;

function lateness(stage: Stage, call: Made, seenAt: number | undefined): Fact {
  const { evidenceLookupSeconds } = stage.deployed.settings;
  const what = redactable`${operationOf(call)} on ${named("cluster", call.cluster.name)}`;
  if (seenAt === undefined)
    return contradicted(
      "trail",
      redactable`CloudTrail did not show ${what} in ${seconds(stage.pace.trailSeconds)}`,
      redactable`read the event history of ${named("region", call.cluster.at.region)} in an hour; if it has the call, raise evidenceLookupSeconds and evidenceMissingSeconds in infra/synth/settings.ts, and deploy`,
    );
  const late = (seenAt - call.answeredAt) / 1_000;
  return judged(late < evidenceLookupSeconds, "trail", {
    says: redactable`CloudTrail showed ${what} with EKS's request id at most ${seconds(late)} after its answer; the broker looks it up after ${seconds(evidenceLookupSeconds)}`,
    next: redactable`raise evidenceLookupSeconds above ${Math.ceil(late)} in infra/synth/settings.ts, and deploy`,
    numbers: { lateSeconds: late },
  });
}

/**
 * Waits until the broker has a finding about the calls. Changes by others reach it by EventBridge only, so the rules and
 * the bus have carried them.
 */
async function heard(
  stage: Stage,
  cluster: SmokeCluster,
  calls: readonly Made[],
  from: string,
): Promise<Fact> {
  const where = named("cluster", cluster.name);
  const principalArn = calls[0]?.principalArn;
  try {
    const api = await stage.asker.context.api();
    const found = await stage.until(
      redactable`the broker to record the calls on ${where}`,
      stage.pace.trailSeconds,
      async () => (await openFindings(api, { from })).find((each) => isAbout(each, principalArn)),
      stage.pace.trailPollMs,
    );
    return found ? onRecord(stage, cluster, found) : unheard(stage, cluster);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return unsettled(
      "forwarding",
      redactable`the broker's findings about ${where} could not be read (${named("error", error.code)})`,
      redactable`run it as an auditor: timelatch doctor --smoke --only trail`,
    );
  }
}

const isAbout = (finding: FindingAnswer, principalArn: string | undefined): boolean =>
  finding.code === "outside-change" && finding.event.principalArn === principalArn;

function onRecord(stage: Stage, { name }: SmokeCluster, finding: FindingAnswer): Fact {
  const at = finding.code === "outside-change" ? finding.event.eventTime : finding.recordedAt;
  const late = (Date.parse(finding.recordedAt) - Date.parse(at)) / 1_000;
  const { evidenceSettleSeconds } = stage.deployed.settings;
  return judged(late < evidenceSettleSeconds, "forwarding", {
    says: redactable`the broker recorded a change on ${named("cluster", name)} ${seconds(late)} after it; acknowledge it: timelatch findings`,
    next: redactable`raise evidenceSettleSeconds above ${Math.ceil(late)} in infra/synth/settings.ts, and deploy`,
    numbers: { lateSeconds: late },
  });
}

function unheard({ deployed, pace }: Stage, { name, at }: SmokeCluster): Fact {
  const isHome = at.account === deployed.account && at.region === deployed.region;
  const rule = isHome
    ? redactable`the rules of the broker's stack on the default bus`
    : redactable`FailedInvocations of the rule timelatch-forward in ${named("account", at.account)}, ${named("region", at.region)}, and the policy of the broker's bus`;
  return contradicted(
    "forwarding",
    redactable`the broker recorded no change on ${named("cluster", name)} in ${seconds(pace.trailSeconds)}`,
    redactable`look at ${rule}`,
  );
}
