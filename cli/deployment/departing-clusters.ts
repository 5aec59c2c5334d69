/** Clusters that a deployment would take out of the broker's reach: it does so only where nothing is lent. */
import { setTimeout } from "node:timers/promises";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type Assembled, assembledIn, departedFrom } from "./assembled-clusters.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";
import { asAdminOrAuditor, demandSameApi, grantLines, lentOn } from "./lent-on.ts";

export interface DepartureOptions {
  /** Ends what is lent on clusters that leave, and waits until it has ended. */
  readonly drain?: true;
  /** A profile of AWS with which the API is asked: whoever may deploy is often nobody of the policy. */
  readonly adminProfile?: string;
}

export interface Departing {
  /** ARNs of clusters that leave. They are retired. */
  readonly clusters: readonly string[];
  /** Grants that are lent there still: only with `drain`. */
  readonly grants: readonly RequestAnswer[];
  /** Asked; undefined where nothing leaves. */
  readonly api: Api | undefined;
}

const NOT_DONE = "Nothing was changed in AWS.";
const NOTHING: Departing = { clusters: [], grants: [], api: undefined };

/**
 * Compares the assembly with the broker that is deployed, and asks its API what is lent where a cluster leaves.
 *
 * @throws Failure `conflict` where a cluster leaves that is not retired, or on which something is lent; those of the
 *   API, also where it does not answer
 */
export async function demandNothingLentWhereLeaving(
  context: Context,
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
  options: DepartureOptions,
): Promise<Departing> {
  const broker = stacks.find(({ hasCode }) => hasCode);
  const now = broker && (await deployed.read(broker));
  // A broker whose first deployment failed has no outputs, and has lent nothing.
  const address = now?.outputs["ApiUrl"];
  if (!broker || !now || address === undefined) return NOTHING;
  const { clusters, lending } = departedFrom(assembledOf(now), assembledOf(broker));
  if (lending.length > 0) throw leavesWhileLending(lending);
  if (clusters.length === 0) return NOTHING;
  const { api, grants } = await ask(context, clusters, address, options);
  if (grants.length > 0 && !options.drain) throw lentWhereLeaving(grants);
  return { clusters, grants, api };
}

const assembledOf = ({ template }: Pick<AssemblyStack, "template"> | { template: undefined }) =>
  assembledIn(template ?? {});

async function ask(
  context: Context,
  clusters: readonly string[],
  address: string,
  { adminProfile }: DepartureOptions,
) {
  try {
    const api = await context.api(adminProfile);
    demandSameApi(api, address, NOT_DONE);
    return { api, grants: await lentOn(api, (arn) => clusters.includes(arn)) };
  } catch (error) {
    throw notAnswered(clusters, adminProfile === undefined ? asAdminOrAuditor(error) : error);
  }
}

/** How often it looks, and how long it waits between: seven minutes, as a call without an answer may land for five. */
const LOOKS = 210;
const PAUSE_MS = 2_000;

/**
 * Revokes what is lent where clusters leave, and waits until the API says that it has ended.
 *
 * @param pause waits between two looks
 * @throws Failure `timeout` where something has not ended in time; those of the API
 */
export async function endWhereLeaving(
  context: Context,
  { clusters, grants, api }: Departing,
  pause: (ms: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  if (!api || grants.length === 0) return;
  remark(context, "Ending what is lent where clusters leave …\n");
  for (const { id, state } of grants)
    if (state !== "ending")
      await sendChange(context, api, {
        change: "revokeGrant",
        call: {
          method: "POST",
          path: `/v1/requests/${id}/revoke`,
          body: { note: "Its cluster leaves the policy." },
          afterwards: `timelatch show ${id}`,
        },
        subject: id,
      });
  let left = grants;
  for (let look = 0; look < LOOKS; look += 1) {
    left = await lentOn(api, (arn) => clusters.includes(arn));
    if (left.length === 0) return;
    await pause(PAUSE_MS);
  }
  throw notEnded(left);
}

/** A line for each account or region that the assembly has left, with what deletes its stacks. */
export function leftPlaces(
  { clusters }: Departing,
  { clusters: after }: Assembled,
): readonly string[] {
  const placeOf = (arn: string) => {
    const { account, region } = clusterOf(arn);
    return `${account} ${region}`;
  };
  const kept = Object.keys(after).map(placeOf);
  const left = new Set(clusters.map(placeOf).filter((place) => !kept.includes(place)));
  const accounts = new Set([...left].map((place) => place.split(" ")[0]));
  return [...accounts].map((account) => `timelatch destroy --account ${account}`);
}

const leavesWhileLending = (findings: readonly string[]) =>
  new Failure("conflict", "leaves-while-lending", {
    what: "Clusters would leave on which the deployed broker still lends.",
    notDone: `${NOT_DONE} Without its roles, the broker could take nothing away there.`,
    findings,
    next: [
      "Next: write them again in access.yaml with retired: true, and deploy that.",
      "They may leave once nothing is lent there: timelatch docs deploy",
    ],
  });

const lentWhereLeaving = (grants: readonly RequestAnswer[]) =>
  new Failure("conflict", "lent-where-leaving", {
    what: `${grants.length} ${grants.length === 1 ? "grant has" : "grants have"} not ended on clusters that leave.`,
    notDone: NOT_DONE,
    findings: grantLines(grants),
    next: [
      "Next: wait until they have ended, and run it again.",
      "End them now, and then deploy:  timelatch deploy --drain",
    ],
  });

/** The API's own failure, with what it was asked for. */
function notAnswered(clusters: readonly string[], error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const { exit, code, text } = error;
  const notDone = `${NOT_DONE} A cluster leaves only once the API has said that nothing is lent there: ${clusters.join(", ")}.`;
  return new Failure(exit, code, { ...text, notDone }, { cause: error });
}

const notEnded = (grants: readonly RequestAnswer[]) =>
  new Failure("timeout", "not-ended", {
    what: "What is lent on clusters that leave has not ended within seven minutes.",
    notDone: "The deployment was not completed. These grants were revoked, and go on ending:",
    findings: grantLines(grants),
    next: [
      "Next: see why, and deploy again once they have ended: timelatch docs runbook",
      `Check:  timelatch show ${grants[0]?.id}`,
    ],
  });
