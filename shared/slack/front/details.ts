/** Details that few readers need: terms in EKS's words, rule, approvals and digest. */
import { askerOf } from "../../domain/policy/machines.ts";
import { needsOf } from "../../domain/policy/needs.ts";
import { describeAccess } from "../../domain/requests/access-text.ts";
import { approvedLess } from "../../domain/requests/approved-less.ts";
import { askerText } from "../../domain/requests/asker-text.ts";
import { deciderText } from "../../domain/requests/decider-text.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { dateLine, type Json, modal, section } from "../blocks.ts";
import { FACTS, LABELS, lessFactText, NO_FACT, neededText } from "../texts/form-texts.ts";
import type { SlackFront } from "./slack-front.ts";

export function detailsModal({ policy }: Pick<SlackFront, "policy">, request: AccessRequest): Json {
  const needs = needsOf(policy, request);
  const facts: readonly (readonly [keyof typeof FACTS, string])[] = [
    ["state", request.state],
    ["requester", askerText(askerOf(policy, request))],
    ["principal", request.principalArn],
    ["access", describeAccess(request.access)],
    ["cluster", `${request.cluster.name} (${request.cluster.arn})`],
    ["duration", formatDuration(request.durationSeconds)],
    ...approvedLess(request).map((each) => ["less", lessFactText(each)] as const),
    ["reason", request.reason],
    ["rule", request.rule],
    ["approvedBy", request.approvals.map(deciderText).join(", ") || NO_FACT.approvedBy],
    ["stillNeeded", needs.map(neededText).join("; ") || NO_FACT.stillNeeded],
    ...(request.extends === undefined ? [] : [["extends", request.extends] as const]),
    ...(request.extendedBy === undefined ? [] : [["extendedBy", request.extendedBy] as const]),
    ["outcome", request.outcome?.detail ?? NO_FACT.outcome],
    ["id", request.id],
    ["digest", request.digest],
    ["terminal", `timelatch show ${request.id}`],
  ];
  const { expiresAt, until } = request;
  const later = needs.flatMap(({ escalate }) => (escalate ? [escalate] : []));
  return modal(LABELS.details, [
    ...facts.map(([fact, value]) => section(`${FACTS[fact]}: ${value}`)),
    ...later.map(({ askedFrom }) => dateLine(FACTS.askedLater, askedFrom)),
    ...(expiresAt === null && until !== undefined ? [dateLine(FACTS.until, until)] : []),
    ...(expiresAt === null ? [] : [dateLine(FACTS.ends, expiresAt)]),
  ]);
}
