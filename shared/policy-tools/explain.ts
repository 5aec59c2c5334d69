/** Why a policy decides an ask as it does: by the code that judges requests, and by no other. */
import { inOrderTried } from "../domain/policy/eligibility.ts";
import { principalFor } from "../domain/policy/judge-ask.ts";
import { momentsOfAsk } from "../domain/policy/moments.ts";
import { type Objection, objectionsTo } from "../domain/policy/objections.ts";
import type { AccessPolicy, Member, Rule } from "../domain/policy/policy.ts";
import { ruleNamed } from "../domain/policy/policy-index.ts";
import { type Preview, previewOf } from "../domain/policy/preview.ts";
import { denied } from "../domain/policy/refused-ask.ts";
import type { DryAsk } from "../domain/requests/ask.ts";
import type { TicketWorld } from "../policy-file/policy-tests/ticket-file.ts";
import { knownIn, type OnCallWorld } from "./on-call-world.ts";
import { ticketPart } from "./ticket-world.ts";

/** An ask whose reason may be left open: any that a rule requires is then assumed. */
export type OpenAsk = DryAsk;

/** The facts that services outside would say. */
export interface World {
  /** The schedules in which the asker is on call; in no schedule by default. */
  readonly onCall?: OnCallWorld;
  /** The ticket as its tracker has it. Absent, a tracker would be asked. */
  readonly ticket?: TicketWorld | undefined;
}

export interface Explanation {
  /** As the broker would answer. Whether a cluster is ready, only the broker knows. */
  readonly decision: Preview;
  /** Every rule of the file in the order in which they are tried, for whomever they are. */
  readonly rules: readonly Verdict[];
}

/** The verdict of one rule on an ask. */
export interface Verdict {
  readonly rule: string;
  /** Empty where it would allow the ask. */
  readonly objections: readonly Objection[];
}

/** Pure. @param at when it is asked @param world what services outside would say */
export const explain = (
  policy: AccessPolicy,
  member: Member,
  openAsk: OpenAsk,
  at: string,
  world: World = {},
): Explanation => ({
  decision: decisionOn(policy, member, openAsk, at, world),
  rules: inOrderTried(policy.rules).map((rule) =>
    verdictOf(policy, rule, member, openAsk, { at, world }),
  ),
});

/**
 * Only the decision: in a policy with a thousand rules, the verdicts cost a thousand times as much.
 * A tracker is asked about the ticket of the rule that decides, and no other rule is tried after it.
 */
export function decisionOn(
  policy: AccessPolicy,
  member: Member,
  openAsk: OpenAsk,
  at: string,
  world: World,
): Preview {
  const { onCall = [] } = world;
  const preview = previewOf(policy, member, openAsk, at, { onCall: knownIn(policy, onCall, at) });
  if (!preview.allowed) return preview;
  const verdict = verdictOf(policy, preview.rule, member, openAsk, { at, world });
  if (preview.rule.ticket && world.ticket !== undefined && verdict.objections.length > 0) {
    const details = verdict.objections.map(({ detail }) => detail);
    return denied(`It would wait for its ticket. ${details.join(" ")}`, [verdict]);
  }
  const warnings = preview.warnings.filter(({ code }) => code !== "reason-missing");
  return { ...preview, warnings };
}

/** The verdict of one rule of the policy on an ask. */
export function verdictOf(
  policy: AccessPolicy,
  { name }: Pick<Rule, "name">,
  member: Member,
  openAsk: OpenAsk,
  { at, world }: { readonly at: string; readonly world: World },
): Verdict {
  const rule = ruleNamed(policy, name);
  const principalArn = principalFor(policy, member, openAsk);
  const known = { at, ticket: world.ticket };
  const terms = {
    ...openAsk,
    principalArn: principalArn ?? "",
    moments: momentsOfAsk(openAsk, at),
    onCall: knownIn(policy, world.onCall ?? [], at),
  };
  const objections = rule
    ? objectionsTo(policy, rule, member, {
        ...terms,
        ...ticketPart(policy, rule, member, openAsk, known),
      })
    : [];
  return {
    rule: name,
    objections: objections.filter(
      // Without a principal there is nothing to object to: the decision says that none is named.
      ({ code }) => principalArn !== undefined || code !== "principal-not-yours",
    ),
  };
}
