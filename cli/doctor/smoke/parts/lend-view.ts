/** Lends View for five minutes, and compares what Timelatch says with what EKS shows. */
import { randomUUID } from "node:crypto";
import { isPersonalRole } from "../../../../shared/domain/people/personal-role.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { isFinal } from "../../../../shared/domain/requests/lifecycle.ts";
import { clusterOf, parsePrincipalArn } from "../../../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../../../shared/domain/values/deployment.ts";
import type { AccessAnswer } from "../../../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../../../shared/http/contract/answers.ts";
import type { Api } from "../../../api/api-client.ts";
import type { Sent } from "../../../changes/change.ts";
import { sendChange } from "../../../changes/send-change.ts";
import { endOf } from "../../../commands/end.ts";
import { type Context, remark } from "../../../context.ts";
import { needsText } from "../../../text/request-text.ts";
import { waitUntil } from "../../../wait.ts";
import { type Fact, holds, unsettled } from "../fact.ts";
import { named, redactable } from "../report/redactable.ts";
import { chosenAccess } from "./chosen-access.ts";
import {
  additionOf,
  clockOf,
  type Plan,
  removalOf,
  settledBy,
  shows,
  zonesOf,
} from "./grant-facts.ts";
import type { EntrySight, SmokeSight } from "./smoke-sight.ts";

export interface Smoke {
  readonly context: Context;
  readonly api: Api;
  readonly sight: SmokeSight;
  readonly policy: AccessPolicy;
  /** The broker's account, twelve digits. */
  readonly account: string;
  /** The cluster's name in the policy. */
  readonly cluster: string;
  readonly reason: string;
  /** Whether the API is called under the caller's own role, which their session has to assume. */
  readonly signsAsOwnRole: boolean;
  /** Waits until CloudTrail has confirmed the calls of a grant, and says so. */
  readonly confirmed?: (requestId: string) => Promise<readonly Fact[]>;
}

const DURATION = "5m";
const AS_LONG_AS_IT_TAKES = { byDefault: false, timeoutSeconds: null };

/**
 * Each step is a fact. It stops at the first that does not hold, and gives back what it has.
 *
 * @throws Failure where the request ends without access, or somebody stops waiting
 */
export async function lendView(smoke: Smoke): Promise<readonly Fact[]> {
  const lent = await smoke.api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const zones = zonesOf(lent, smoke.context.now());
  const plan = planOf(smoke, lent);
  if ("verdict" in plan) return [plan, zones];
  const before = await smoke.sight.entry(plan.clusterArn, plan.principalArn);
  if (before && shows(before, plan))
    return [
      unsettled(
        "grant-added",
        redactable`${named("role", plan.principalArn)} has AmazonEKSViewPolicy there already, so nothing would be proven`,
        redactable`wait for the end of the grant that lends it, or name another cluster`,
      ),
    ];
  const sent = askFor(smoke, plan);
  const askedAt = smoke.context.now();
  const request = await ask(smoke, sent);
  const clock = clockOf(askedAt, request, smoke.context.now());
  return orGivenBack(smoke, request.id, () =>
    watchGrant(smoke, { lent, plan, before, sent }, request, [clock, zones]),
  );
}

interface Asked {
  readonly lent: AccessAnswer;
  readonly plan: Plan;
  readonly before: EntrySight | undefined;
  readonly sent: Sent<"createRequest">;
}

async function watchGrant(
  smoke: Smoke,
  { lent, plan, before, sent }: Asked,
  request: RequestAnswer,
  facts: readonly Fact[],
): Promise<readonly Fact[]> {
  const { context, api, sight } = smoke;
  const active = await waitUntil(context, api, request, "effective", AS_LONG_AS_IT_TAKES, sent);
  const during = await sight.entry(plan.clusterArn, plan.principalArn);
  const added = additionOf(active, plan, during, before);
  if (added.verdict !== "holds") return [added];
  const waiting = { ...AS_LONG_AS_IT_TAKES, continues: true } as const;
  const ended = await waitUntil(context, api, active, "ended", waiting, sent);
  const after = await sight.entry(plan.clusterArn, plan.principalArn);
  return [
    added,
    ...settledBy(smoke, lent, plan, before).map((fact) => holds(fact, added.says)),
    removalOf(ended, plan, after, before),
    ...facts,
    ...((await smoke.confirmed?.(ended.id)) ?? []),
  ];
}

/** A request that nobody waits for any longer is cancelled, or its access returned. */
async function orGivenBack<Result>(
  { api }: Smoke,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const request = await api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });
    const verb = request.state === "pending" ? "cancel" : "return";
    if (!isFinal(request.state) && request.state !== "ending")
      await api.send(endOf(verb, id, undefined, undefined).call);
    throw error;
  }
}

function planOf(
  { cluster, policy }: Pick<Smoke, "cluster" | "policy">,
  lent: AccessAnswer,
): Plan | Fact {
  const clusterArn = lent.clusters.find(({ name }) => name === cluster)?.arn;
  const chosen = chosenAccess(lent, cluster);
  if (!clusterArn || !chosen)
    return unsettled(
      "grant-added",
      redactable`no rule lends ${named("person", lent.person)} AmazonEKSViewPolicy for five minutes on ${named("cluster", cluster)} now`,
      redactable`name another cluster, or add a rule: timelatch docs policy`,
    );
  const { account } = clusterOf(clusterArn);
  const principalArn = lent.principals.find((arn) => {
    const principal = parsePrincipalArn(arn);
    return principal?.account === account && isPersonalRole(principal, deploymentOf(policy));
  });
  return principalArn
    ? { chosen, clusterArn, principalArn }
    : unsettled(
        "grant-added",
        redactable`${named("person", lent.person)} has no personal role in ${named("account", account)}`,
        redactable`run it as somebody who has one: timelatch docs identity`,
      );
}

function askFor({ cluster, reason }: Smoke, { chosen, principalArn }: Plan): Sent<"createRequest"> {
  const { access, rule } = chosen;
  return {
    change: "createRequest",
    call: {
      method: "POST",
      path: "/v1/requests",
      body: { cluster, access, duration: DURATION, reason, principalArn, rule },
      idempotencyKey: randomUUID(),
      afterwards: "timelatch list",
    },
    subject: "",
  };
}

async function ask({ context, api }: Smoke, sent: Sent<"createRequest">) {
  const request = await sendChange(context, api, sent);
  if (request.state === "pending")
    remark(
      context,
      `Somebody else approves it: ${needsText(request, context.now())}\n  timelatch approve ${request.id}\n`,
    );
  return request;
}
