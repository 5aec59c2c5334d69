/** `--together`: one question on all that was asked for at once, and a decision of its own on each. */

import {
  areTogether,
  mostPowerfulFirst,
  waitsFor,
} from "../../shared/domain/policy/asked-together.ts";
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { askerText } from "../../shared/domain/requests/asker-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { confirm, showBeforeAsking } from "../prompts/confirm.ts";
import type { LesserTermsOptions } from "../prompts/lesser-terms.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { blocksText } from "../text/blocks-text.ts";
import { ruleText } from "../text/request-facts.ts";
import { decidedText, endedText, needsText, termsText } from "../text/request-text.ts";
import type { Waiting } from "../wait.ts";
import {
  checkDecidable,
  type DecideOptions,
  decisionOn,
  demandNotSuspended,
  type Verdict,
} from "./decision.ts";

/** @throws Failure `usage` where somebody wants less of several, or to wait for them */
export function checkAsAsked(
  less: LesserTermsOptions | object | undefined,
  waiting: Waiting | undefined,
): void {
  const option = less
    ? "--duration and --namespace"
    : waiting && !waiting.byDefault
      ? "--wait"
      : "";
  if (option === "") return;
  throw new Failure("usage", "usage", {
    what: `--together is for several requests, and ${option} for one.`,
    notDone: "Nothing was sent.",
    next: ["Next: decide each by its id, or leave out one of these options."],
  });
}

/** @param id of one of them. It is decided in any case; of the others, those that wait for this person. */
export async function decideTogether(
  context: Context,
  api: Api,
  verdict: Verdict,
  id: string,
  options: DecideOptions,
): Promise<void> {
  const first = await read(api, id);
  const others = await readOthers(api, first);
  const { person, decidesFor = [] } = await api.send<WhoAmIAnswer>({
    method: "GET",
    path: "/v1/whoami",
  });
  const voices = options.onBehalfOf === undefined ? [person, ...decidesFor] : [options.onBehalfOf];
  const isMine = (request: RequestAnswer) => request === first || waitsFor(request, person, voices);
  const [mine, rest] = [[first, ...others].filter(isMine), others.filter((one) => !isMine(one))];
  const ordered = mostPowerfulFirst(mine);
  show(context, options, ordered, rest);
  for (const request of ordered) checkDecidable(request, context.now());
  if (!options.yes) demandNotSuspended(first);
  await confirm(context, options, questionOf(verdict, ordered.length));
  const decided: RequestAnswer[] = [];
  const refused: string[] = [];
  for (const request of ordered)
    try {
      decided.push(await sendChange(context, api, decisionOn(request, verdict, options)));
    } catch (error) {
      // Without an answer nobody knows how it stands, so the rest is left alone.
      if (!(error instanceof Failure) || !REFUSALS.has(error.exit)) throw error;
      refused.push(`${request.id}, ${termsText(request)}: ${error.text.what}`);
    }
  const lines = decided.map(
    (each) =>
      `${visible(each.id)}, ${termsText(each)}: ${decidedText(verdict, each, context.now())}\n`,
  );
  tell(context, { requests: decided }, () => wrapLines(lines.join(""), context.screen.out.columns));
  if (refused.length > 0) throw decidedInPart(refused, decided.length);
}

const REFUSALS: ReadonlySet<string> = new Set(["refused", "conflict", "notFound"]);

const read = (api: Api, id: string): Promise<RequestAnswer> =>
  api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });

/** Those that the reader may see, and that name the first one in turn. */
async function readOthers(api: Api, first: RequestAnswer): Promise<readonly RequestAnswer[]> {
  const found: RequestAnswer[] = [];
  for (const id of first.askedWith ?? [])
    try {
      found.push(await read(api, id));
    } catch (error) {
      if (!(error instanceof Failure) || error.exit !== "notFound") throw error;
    }
  return found.filter((other) => areTogether(first, other));
}

function show(
  context: Context,
  options: DecideOptions,
  mine: readonly RequestAnswer[],
  rest: readonly RequestAnswer[],
): void {
  const { err } = context.screen;
  const now = context.now();
  for (const request of mine) {
    showBeforeAsking(context, options, `${renderFacts(factsOf(request, now), err)}`);
    showBeforeAsking(context, options, `${blocksText(request, now, err)}\n`);
  }
  const [first] = rest;
  if (!first) return;
  const lines = rest.map((each) => `  ${termsText(each)} ${endedText(each.state)}\n`);
  const text = `Asked for with it, and not waiting for you:\n${lines.join("")}\n`;
  showBeforeAsking(context, options, wrapLines(text, err.columns));
}

const factsOf = (request: RequestAnswer, now: string): readonly Fact[] => [
  ["Access", visible(describeAccessOn(request.access, request.cluster))],
  ["For", `${visible(request.duration)}, by ${ruleText(request.rule, request.breakGlass)}`],
  ["Who", `${visible(askerText(request))} as ${visible(request.principalArn)}`],
  ["Reason", visible(request.reason)],
  ["Still needs", needsText(request, now)],
  ["Id", visible(request.id)],
];

const questionOf = (verdict: Verdict, count: number): string => {
  const verb = verdict === "approve" ? "Approve" : "Deny";
  return count === 1 ? `${verb} this?` : `${verb} these ${count}?`;
};

/** Each decision is one call: a refusal of one takes none of the others back. */
export const decidedInPart = (refused: readonly string[], decided: number) =>
  new Failure("conflict", "decided-in-part", {
    what: `The API refused ${refused.length} of ${refused.length + decided} decisions.`,
    notDone: "Nothing was done of those; the others are decided.",
    findings: refused.map(visible),
    next: ["Next: see their state with timelatch show."],
  });
