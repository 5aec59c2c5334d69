import { reachOf } from "../../domain/entries/access.ts";
import { bindingKey } from "../../domain/entries/binding.ts";
import { effectiveAccess } from "../../domain/entries/effective-access.ts";
import { reaches } from "../../domain/entries/scope.ts";
import type { AllowedAsk } from "../../domain/policy/judge-ask.ts";
import type { Member } from "../../domain/policy/policy.ts";
import type { Warning } from "../../domain/policy/warnings.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * Says which grants lend all or a part of an ask on its access entry already; undefined if no grant does. Standing
 * access is left out: the request's grant would leave it as it is.
 *
 * @param now ISO 8601 UTC
 */
export async function alreadyThere(
  { requests }: Pick<FrontPorts, "requests">,
  { name }: Member,
  { access }: Pick<Ask, "access">,
  { cluster, principalArn }: Pick<AllowedAsk, "cluster" | "principalArn">,
  now: string,
): Promise<Warning | undefined> {
  const grants = await requests.openOn(bindingKey(cluster.arn, principalArn));
  const { target, elements } = reachOf(access, cluster.arn);
  const entry = { clusterArn: cluster.arn, principalArn, grants, standing: undefined };
  const there = effectiveAccess(entry, now).filter(
    (each) => each.target === target && (each.state === "there" || each.state === "may-be-there"),
  );
  const isLent = (element: string) => there.some((each) => reaches(each.elements, element));
  const lent = elements.filter(isLent);
  if (lent.length === 0) return undefined;
  const by = there
    .filter((each) => lent.some((element) => reaches(each.elements, element)))
    .map(({ by: id, until }) => {
      const isOwn = grants.some((grant) => grant.id === id && grant.requester === name);
      return `${isOwn ? `grant ${id}` : "a grant of somebody else"} until ${until ?? "its end"}`;
    });
  const how = lent.length === elements.length ? "All of it is" : "A part of it is";
  return { code: "already-there", detail: `${how} lent already, by ${by.join(", and by ")}.` };
}
