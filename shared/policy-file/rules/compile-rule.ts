import type * as z from "zod/mini";
import type { Rule } from "../../domain/policy/policy.ts";
import { LATEST_START_SECONDS, USUAL_LAPSE_SECONDS } from "../../domain/policy/rule-times.ts";
import type { Requirement } from "../../domain/requests/request.ts";
import { compileTicket } from "../tickets-file.ts";
import { compileExtend } from "./extend-file.ts";
import { compileReview } from "./review-file.ts";
import type { RuleFile } from "./rule-file.ts";

/**
 * A rule as the broker judges by it, with what holds where a key is absent.
 * @param admins groups of the role, who review where the rule does not say who
 */
export function compileRule(
  { access, ...rule }: z.output<typeof RuleFile>,
  admins: readonly string[],
): Rule {
  return {
    name: rule.name,
    who: {
      people: rule.who.people ?? [],
      groups: rule.who.groups ?? [],
      ...(rule.who.onCall === undefined ? {} : { onCall: rule.who.onCall }),
    },
    clusters: rule.clusters,
    access: compileAccess(access),
    duration: {
      maxSeconds: rule.duration.max,
      defaultSeconds: rule.duration.default ?? null,
    },
    hours: rule.when ?? null,
    atMost: rule.atMost ? { times: rule.atMost.times, perSeconds: rule.atMost.per } : null,
    startLatestSeconds: rule.start?.latest ?? LATEST_START_SECONDS,
    lapseSeconds: rule.lapse ?? USUAL_LAPSE_SECONDS,
    approval: rule.approval === "none" ? [] : rule.approval.map(compileRequirement),
    ...(rule.agents ? { agents: rule.agents.approve.map(compileRequirement) } : {}),
    ...compileReason(rule.reason),
    ...(rule.endsWithShift ? { endsWithShift: true as const } : {}),
    ...(rule.endsWithTicket ? { endsWithTicket: true as const } : {}),
    ...(rule.extend ? { extend: compileExtend(rule.extend) } : {}),
    breakGlass: rule.breakGlass ?? false,
    ...(rule.breakGlass ? { review: compileReview(rule.review, admins) } : {}),
    sharedPrincipals: rule.sharedPrincipals ?? false,
    approverMayHoldPrincipal: rule.approverMayHoldPrincipal ?? false,
    foreignPrincipals: rule.foreignPrincipals ?? false,
    delegable: rule.delegable ?? true,
    decideIn: rule.decideIn ?? ["api", "slack"],
    notify: {
      ...(rule.notify?.channel === undefined ? {} : { channel: rule.notify.channel }),
      direct: rule.notify?.direct ?? false,
    },
    ...(rule.remind
      ? { remind: { afterSeconds: rule.remind.after, times: rule.remind.times ?? 1 } }
      : {}),
  };
}

function compileReason({
  minLength = 0,
  ticket,
}: NonNullable<z.output<typeof RuleFile>["reason"]> = {}): Pick<Rule, "reason" | "ticket"> {
  if (ticket === undefined || typeof ticket === "string")
    return { reason: { minLength, ticket: ticket ?? null } };
  return { reason: { minLength, ticket: null }, ticket: compileTicket(ticket) };
}

function compileAccess(access: z.output<typeof RuleFile>["access"]): Rule["access"] {
  if ("groups" in access) return { groups: access.groups };
  const { policies } = access;
  if ("namespaces" in access)
    return { policies, namespaces: access.namespaces, wildcards: access.wildcards ?? false };
  return { policies, scope: access.scope, ...(access.exactly ? { exactly: true } : {}) };
}

type FileRequirement = Exclude<z.output<typeof RuleFile>["approval"], "none">[number];

function compileRequirement({ groups, count, onCall, escalate }: FileRequirement): Requirement {
  const later = escalate && { afterSeconds: escalate.after, groups: escalate.groups };
  return {
    groups,
    count: count ?? 1,
    ...(onCall === undefined ? {} : { onCall }),
    ...(later ? { escalate: later } : {}),
  };
}
