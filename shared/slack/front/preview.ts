/** The preview at the foot of the form while somebody fills it in. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { ApproversOf } from "../../domain/policy/approvers.ts";
import type { AllowedAsk } from "../../domain/policy/judge-ask.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { utcText } from "../../notices/utc-text.ts";
import { previewRequest } from "../../usecases/requests/preview-request.ts";
import {
  approvalText,
  approversText,
  askedAboutText,
  leadsText,
  NEXT,
  shiftText,
} from "../texts/form-texts.ts";
import { type AskTerms, accessChoices, askOfTerms } from "./ask-terms.ts";
import { faultsOf } from "./refusal-fields.ts";
import type { SlackFront } from "./slack-front.ts";

/**
 * The result that the terms would lead to. A field that is not filled in yet is no fault: the line
 * says what comes next. Faults of filled fields are named; at their fields they stand once it is
 * submitted.
 */
export async function previewLines(
  front: SlackFront,
  actor: Actor,
  rules: readonly OwnRule[],
  terms: AskTerms,
): Promise<readonly string[]> {
  const next = nextField(rules, terms);
  if (next) return [NEXT[next]];
  const isUnwritten = !terms.reason?.trim();
  const read = askOfTerms(front.settings, rules, isUnwritten ? { ...terms, reason: "?" } : terms);
  if ("faults" in read) return read.faults.map(({ detail }) => detail);
  const preview = await previewRequest(front, actor, read.ask);
  if (preview.allowed) {
    const { permits, durationSeconds, requirements, warnings } = preview;
    return [
      `${leadsText(permits.summary, durationSeconds)} ${approvalOf(requirements)}`,
      ...leanLines(preview),
      ...warnings.map(({ detail }) => detail),
    ];
  }
  const { code, facts, detail: message } = preview;
  const faults = faultsOf({ code, facts, message }, read.ask);
  const others = faults.filter(({ field }) => !(isUnwritten && field === "reason"));
  if (others.length > 0) return others.map(({ detail }) => detail);
  const rule = rules.find((own) => own.rule.name === facts.refusals?.[0]?.rule);
  return faults.length > 0 && rule
    ? [`${NEXT.reason} ${approvalOf(rule.requirements)}`]
    : [message];
}

/** The fact that the rule leans on, where it is for whoever is on call. */
const leanLines = ({
  rule,
  onCall: fact,
  ticket,
}: Pick<AllowedAsk, "rule" | "onCall" | "ticket">): readonly string[] => [
  ...(fact ? [shiftText(fact.onCall, utcText(fact.until), rule.endsWithShift === true)] : []),
  ...(ticket === undefined ? [] : [askedAboutText(ticket)]),
];

const approvalOf = (requirements: readonly ApproversOf[]): string =>
  approvalText(requirements.map(approversText));

/** The first field that the rest depends on and that is still empty. */
function nextField(
  rules: readonly OwnRule[],
  { cluster, access, namespaces }: AskTerms,
): keyof typeof NEXT | undefined {
  if (!rules.some(({ clusters }) => clusters.includes(cluster ?? ""))) return "cluster";
  const choices = accessChoices(rules, cluster);
  const chosen = choices.find(({ key }) => key === access);
  if (!chosen) return "access";
  return chosen.isNamespaced && !namespaces?.trim() ? "namespaces" : undefined;
}
