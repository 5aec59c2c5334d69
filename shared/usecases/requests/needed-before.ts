import { lastActivity } from "../../domain/evidence/activity/last-activity.ts";
import { suffices, type Use, usesOf } from "../../domain/evidence/activity/used-access.ts";
import type { AllowedAsk } from "../../domain/policy/judge-ask.ts";
import { partsOf } from "../../domain/policy/permissions.ts";
import type { AccessPolicy, Member } from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import { lends } from "../../domain/policy/rule-access.ts";
import type { Warning } from "../../domain/policy/warnings.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { Access, AccessRequest } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/** Fewer grants say nothing. */
const LAST = 5;
/** How many of the person's requests are looked at. */
const LOOKED_AT = 50;

/**
 * Says that each of the person's last five grants of a policy on the cluster needed a smaller one, which a rule lends
 * them too. Undefined where one needed more, or nobody can say; never for break-glass. Only the asker reads it.
 */
export async function neededBefore(
  { requests, activity, policy }: Pick<FrontPorts, "requests" | "activity" | "policy">,
  member: Member,
  { access }: Pick<Ask, "access">,
  { cluster, rule }: Pick<AllowedAsk, "cluster" | "rule">,
): Promise<Warning | undefined> {
  if (!activity || rule.breakGlass || "groups" in access) return undefined;
  const smaller = partsOf(access.policy).filter((part) =>
    isLent(policy, member, cluster.name, { ...access, policy: part }),
  );
  if (smaller.length === 0) return undefined;
  const { items } = await requests.requestedBy(member.name, { limit: LOOKED_AT });
  const last = items.filter((one) => isGrantOf(one, access.policy, cluster.arn)).slice(0, LAST);
  if (last.length < LAST) return undefined;
  const used = await Promise.all(last.map((one) => usedIn(activity, one)));
  const known = used.filter((one) => one !== undefined);
  if (known.length < LAST) return undefined;
  const part = smaller.find((name) =>
    known.every(({ isWhole, uses }) => suffices(name, isWhole, uses)),
  );
  return part === undefined
    ? undefined
    : {
        code: "less-sufficed",
        detail: `Your last ${LAST} grants of ${access.policy} on ${cluster.name} needed no more than ${part}.`,
      };
}

const isLent = (policy: AccessPolicy, member: Member, cluster: string, access: Access): boolean =>
  rulesFor(policy, member).some(
    (rule) => !rule.breakGlass && rule.clusters.includes(cluster) && lends(rule, access),
  );

/** A grant whose access is over. */
const isGrantOf = (
  { access, cluster, state, effectiveAt, breakGlass }: AccessRequest,
  policy: string,
  arn: string,
): boolean =>
  state === "ended" &&
  effectiveAt !== null &&
  !breakGlass &&
  cluster.arn === arn &&
  "policy" in access &&
  access.policy === policy;

interface Used {
  readonly isWhole: boolean;
  readonly uses: readonly Use[];
}

/** Undefined where nobody can say what it needed, or it was not used. */
async function usedIn(
  activity: NonNullable<FrontPorts["activity"]>,
  request: AccessRequest,
): Promise<Used | undefined> {
  const uses = usesOf(request, lastActivity(await activity.evidenceOf(request.id)));
  if (typeof uses === "string" || uses.length === 0) return undefined;
  return { uses, isWhole: "scope" in request.access && request.access.scope.type === "cluster" };
}
