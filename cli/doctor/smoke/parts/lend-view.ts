/** Lends View for five minutes, and compares what Timelatch says with what EKS shows. */
import { randomUUID } from "node:crypto";
import { isPersonalRole } from "../../../../shared/domain/people/personal-role.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { clusterOf, parsePrincipalArn } from "../../../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../../../shared/domain/values/deployment.ts";
import { secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { AccessAnswer } from "../../../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../../../shared/http/contract/answers.ts";
import type { Api } from "../../../api/api-client.ts";
import type { Sent } from "../../../changes/change.ts";
import { sendChange } from "../../../changes/send-change.ts";
import { type Context, remark } from "../../../context.ts";
import { needsText } from "../../../text/request-text.ts";
import { waitUntil } from "../../../wait.ts";
import { contradicted, type Fact, holds, unsettled } from "../fact.ts";
import { named, seconds, told } from "../report/told.ts";
import type { FactName } from "../settled-facts.ts";
import { type ChosenAccess, chosenAccess } from "./chosen-access.ts";
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
}

const DURATION = "5m";
const AS_LONG_AS_IT_TAKES = { byDefault: false, timeoutSeconds: null };

/** What is lent, to whom, and where. */
interface Plan {
  readonly chosen: ChosenAccess;
  readonly clusterArn: string;
  readonly principalArn: string;
}

/**
 * Each step is a fact. It stops at the first that does not hold, and leaves the request as it is.
 *
 * @throws Failure where the request ends without access, or somebody stops waiting
 */
export async function lendView(smoke: Smoke): Promise<readonly Fact[]> {
  const lent = await smoke.api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const plan = planOf(smoke, lent);
  if ("verdict" in plan) return [plan];
  const { sight } = smoke;
  const before = await sight.entry(plan.clusterArn, plan.principalArn);
  if (before && shows(before, plan))
    return [
      unsettled(
        "grant-added",
        told`${named("role", plan.principalArn)} has AmazonEKSViewPolicy there already, so nothing would be proven`,
        told`wait for the end of the grant that lends it, or name another cluster`,
      ),
    ];
  const sent = askFor(smoke, plan);
  const request = await ask(smoke, sent);
  const { context, api } = smoke;
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
  ];
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
      told`no rule lends ${named("person", lent.person)} AmazonEKSViewPolicy for five minutes on ${named("cluster", cluster)} now`,
      told`name another cluster, or add a rule: docs/policy.md`,
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
        told`${named("person", lent.person)} has no personal role in ${named("account", account)}`,
        told`run it as somebody who has one: docs/identity.md`,
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

/** Whether an entry has what is lent, in the scope that was asked for. */
const shows = ({ policies }: EntrySight, { chosen: { access } }: Plan): boolean =>
  policies.some(({ name, namespaces }) => {
    if (!("policy" in access) || name !== access.policy) return false;
    if (access.scope.type === "cluster") return namespaces === null;
    return access.scope.namespaces.every((one) => namespaces?.includes(one));
  });

function additionOf(
  { id }: RequestAnswer,
  plan: Plan,
  during: EntrySight | undefined,
  before: EntrySight | undefined,
): Fact {
  const grant = named("request", id);
  if (!during || !shows(during, plan))
    return contradicted(
      "grant-added",
      told`${grant} is active, and EKS does not show its access`,
      told`timelatch show ${grant} has every call; end it: timelatch return ${grant}`,
    );
  if (!before && !during.isOurs)
    return contradicted(
      "grant-added",
      told`EKS shows the access of ${grant} on an entry without the tag timelatch:managed-by`,
      told`somebody else made the entry meanwhile; end it: timelatch return ${grant}`,
    );
  return holds("grant-added", told`EKS shows the access of ${grant}`);
}

function removalOf(
  { id, expiresAt, endedAt }: RequestAnswer,
  plan: Plan,
  after: EntrySight | undefined,
  before: EntrySight | undefined,
): Fact {
  const grant = named("request", id);
  if (after && shows(after, plan))
    return contradicted(
      "grant-removed",
      told`${grant} has ended, and EKS still shows its access`,
      told`docs/runbook.md: End a grant by hand`,
    );
  if (after && !before)
    return contradicted(
      "grant-removed",
      told`${grant} has ended, and its access entry is still there, without its access`,
      told`docs/runbook.md: BareEntry`,
    );
  const early = secondsBetween(endedAt ?? expiresAt ?? "", expiresAt ?? "");
  return holds(
    "grant-removed",
    told`EKS shows it no longer. A read proved the end ${seconds(early)} before it was to be over`,
    { earlySeconds: early },
  );
}

/** What the addition settles. An entry that stood before proves nothing about making one. */
function settledBy(
  { policy, account, signsAsOwnRole }: Smoke,
  { person }: AccessAnswer,
  { clusterArn }: Plan,
  before: EntrySight | undefined,
): readonly FactName[] {
  const isPinned =
    policy.people[person]?.identities.identityCenter?.userId !== undefined &&
    policy.identity?.identityCenter?.pin !== "userName";
  return [
    ...(signsAsOwnRole && isPinned ? ["session-user-id" as const] : []),
    ...(clusterOf(clusterArn).account === account ? [] : ["spoke-grantor" as const]),
    ...(before ? [] : ["tag-at-creation" as const, "username-at-creation" as const]),
  ];
}
