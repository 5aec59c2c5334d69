import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { ruleNamed } from "../../shared/domain/policy/policy-index.ts";
import { closestFirst, type RefusedAsk } from "../../shared/domain/policy/refused-ask.ts";
import { parseInstant } from "../../shared/domain/values/zoned-instant.ts";
import type { PreviewAllowed } from "../../shared/http/contract/answers.ts";
import { bodyFaults } from "../../shared/http/contract/body-faults.ts";
import { previewAnswer } from "../../shared/http/contract/preview-answer.ts";
import { askOf, requestBody } from "../../shared/http/contract/request-body.ts";
import { strangerOf } from "../../shared/policy-tools/expectations.ts";
import { explain, type OpenAsk, type Verdict } from "../../shared/policy-tools/explain.ts";
import { answer, type Context } from "../context.ts";
import { Failure, notDoneUnlessSaid } from "../failures/failure.ts";
import { askedTicket } from "../policy/asked-ticket.ts";
import { personOf, readKeptPolicy } from "../policy/read-policy.ts";
import { meantTerms } from "../prompts/meant-terms.ts";
import { bodyOf, type RequestTerms, wrongTerms } from "../prompts/request-terms.ts";
import type { Fact } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { reasonText } from "../text/access-text.ts";
import { flagText } from "../text/pointer-text.ts";
import { previewText } from "../text/preview-text.ts";
import { thenText } from "../text/ticket-text.ts";

export interface PolicyExplainOptions extends RequestTerms {
  readonly as: string;
  /** An instant with its zone. */
  readonly at?: string;
  readonly verbose?: true;
  /** Schedules in which the person is on call. */
  readonly onCall?: readonly string[];
}

/** A deployment's settings are not in the file, so any duration is taken. */
const ANY_DURATION = { secondsAllowed: true, minimumDurationSeconds: 1 };

/**
 * `timelatch policy explain`: how a policy decides a request, by the code that judges requests.
 * Under `--json` the answer goes to standard output whether or not it is allowed.
 *
 * @throws Failure `refused` with the objections of every rule where none allows it; `usage`;
 *   `faulty` for a policy that is not sound
 */
export async function policyExplain(
  context: Context,
  file: string,
  options: PolicyExplainOptions,
): Promise<void> {
  const { as, at, verbose = false, onCall = [], ticket: said, ...terms } = options;
  const asked = askedTicket(said);
  if (typeof asked === "string") throw wrongTerms(`--ticket: ${asked}`, "policy explain");
  const { world: ticket, ...named } = asked;
  const ask = openAskOf({ ...terms, ...named });
  const instant = at === undefined ? context.now() : parseInstant(at);
  if (instant === undefined) throw noInstant(at);
  const policy = await readKeptPolicy(context, file);
  checkSchedules(policy, onCall);
  const stranger = strangerOf(policy, { ticket });
  if (stranger !== undefined) throw wrongTerms(`--ticket: ${stranger}`, "policy explain");
  const world = { onCall, ticket };
  const { decision, rules } = explain(policy, personOf(policy, as), ask, instant, world);
  const answered = previewAnswer({ ...ask, reason: ask.reason ?? "" }, decision, instant);
  const document = {
    as,
    at: instant,
    onCall,
    ticket: ticket ?? null,
    reasonAssumed: ask.reason === null,
    decision: answered,
    rules,
  };
  if (!decision.allowed) {
    if (context.json) answer(context, document, () => "");
    const known = { clusters: Object.keys(policy.clusters), rules: policy.rules };
    throw refused(as, decision, rules, meantTerms(known, ask)[0]);
  }
  if (!answered.allowed) return;
  const more = moreFacts(policy, answered, ask, rules);
  answer(
    context,
    document,
    () =>
      `${allowedLine(as, answered, context)}\n${previewText(answered, context.screen.out, verbose, more)}`,
  );
}

/** @throws Failure `usage` */
function openAskOf(terms: RequestTerms): OpenAsk {
  const { reason } = terms;
  const body = bodyOf({ ...terms, reason: reason ?? "-" }, "policy explain");
  const checked = requestBody(ANY_DURATION).safeParse(body);
  if (checked.success) return { ...askOf(checked.data), reason: reason ?? null };
  const faults = bodyFaults(checked.error).map(
    ({ pointer, detail }) => `${flagText(pointer)}: ${detail}`,
  );
  throw wrongTerms(faults.join(" "), "policy explain");
}

const noInstant = (at = "") =>
  wrongTerms(
    `"${at}" is not an instant with its zone, such as 2026-12-24T03:00Z.`,
    "policy explain",
  );

/** @throws Failure `usage` */
function checkSchedules({ schedules = {} }: AccessPolicy, named: readonly string[]): void {
  const unknown = named.find((name) => !Object.hasOwn(schedules, name));
  if (unknown === undefined) return;
  const known = Object.keys(schedules);
  throw wrongTerms(
    known.length === 0
      ? "The policy names no schedules, so nobody is on call in one."
      : `The policy has no schedule ${unknown}. It has ${known.join(", ")}.`,
    "policy explain",
  );
}

const allowedLine = (as: string, preview: PreviewAllowed, { screen }: Context) =>
  wrapLines(`${as} may, by ${preview.rule}: ${thenText(preview)}.\n`, screen.out.columns);

/** The rule's conditions on a reason, and the other rules that would allow it. */
function moreFacts(
  policy: AccessPolicy,
  { rule }: PreviewAllowed,
  { reason }: OpenAsk,
  rules: readonly Verdict[],
): readonly Fact[] {
  const decides = ruleNamed(policy, rule);
  const others = rules.filter((each) => each.objections.length === 0 && each.rule !== rule);
  return [
    ...(decides && reason === null
      ? [["Reason", reasonText(decides.reason, decides.ticket)] as const]
      : []),
    ...(others.length > 0
      ? [["Or by", `${others.map((each) => each.rule).join(", ")}, where --rule names it`] as const]
      : []),
  ];
}

/** A file may have a thousand rules. The nearest ones say what to change. */
const NEAREST = 3;

/** Rules for the person come first: another person's rule is nothing to ask for. */
const nearestFirst = (a: Verdict, b: Verdict): number =>
  Number(isForOthers(a)) - Number(isForOthers(b)) || closestFirst(a, b);

const isForOthers = ({ objections }: Verdict): boolean =>
  objections.some(({ code }) => code === "not-for-you");

const CHANGE = "Next: change what is asked for, or a rule of the policy.";

function refused(
  as: string,
  { code, detail, facts }: RefusedAsk,
  rules: readonly Verdict[],
  meant: string | undefined,
) {
  const more = rules.length - NEAREST;
  const findings = [
    ...(facts.errors ?? []).map(({ pointer, detail: wrong }) => `${flagText(pointer)}: ${wrong}`),
    ...rules
      .toSorted(nearestFirst)
      .slice(0, NEAREST)
      .flatMap(({ rule, objections }) =>
        objections.length === 0
          ? [`${rule} would allow it.`]
          : [`${rule}:`, ...objections.map((objection) => `  ${objection.detail}`)],
      ),
    ...(more > 0
      ? [
          `And ${more} ${more === 1 ? "rule that is" : "rules that are"} further away: --json has each.`,
        ]
      : []),
  ];
  return new Failure("refused", code, {
    what: `${as} may not (${code}): ${detail}`,
    notDone: notDoneUnlessSaid(detail, "Nothing was requested."),
    findings,
    next: meant === undefined ? [CHANGE] : [meant, CHANGE],
    facts: { rules },
  });
}
