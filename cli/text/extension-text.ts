/** How far access can be extended, and what extends what. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ExtendAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Longer } from "../prompts/longer-terms.ts";
import type { Fact } from "../terminal/facts.ts";
import { requirementText } from "./requirement-text.ts";
import { awayText, fullTime } from "./time-text.ts";

/** `2 times, to 8h in all; each needs the same approval`; nothing where it cannot be extended. */
export function extendFacts(extend: ExtendAnswer | undefined): readonly Fact[] {
  if (!extend) return [];
  const { times, total, approval } = extend;
  const often = times === 1 ? "once" : `${times} times`;
  const needs = approval === "none" ? "without an approval" : "with the same approval";
  return [["Extend", `${often}, to ${visible(total)} in all, ${needs}`]];
}

/** The same to who decides on the request: somebody who cuts its time is asked about each extension. */
const extendFactsOf = ({ state, extend }: RequestAnswer): readonly Fact[] =>
  state === "pending"
    ? extendFacts(extend).map(([name, text]) => [
        name,
        extend?.approval === "none" ? `${text}; with one if you approve for less time` : text,
      ])
    : [];

/** The effect of an extension, before somebody asks: how long, until when, and who has to agree. */
export function longerFacts(
  { expiresAt, extend: own }: RequestAnswer,
  { duration, isMost, until, rule }: Longer,
  now: string,
): readonly Fact[] {
  const { extend, requirements } = rule;
  const less = isMost && extend ? `; less where ${visible(extend.total)} in all leaves less` : "";
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  const isAtOnce = (own ?? extend)?.approval === "none" || requirements.length === 0;
  return [
    ["Longer by", `${visible(duration)}${isMost ? ", the rule's default" : ""}${less}`],
    ...(until === null || expiresAt === null
      ? []
      : ([
          ["To be gone by", time(until)],
          ["In place of", time(expiresAt)],
        ] as const)),
    ["Approval", isAtOnce ? "none: it is extended at once" : requirementText(requirements)],
  ];
}

/** The grant that a request extends, the one that extends it, and how far it could be extended. */
export const extensionFacts = (request: RequestAnswer) => {
  const { extends: predecessor, until, extendedBy } = request;
  const end = until === undefined ? "" : `, to be gone by ${fullTime(until)}`;
  const facts: readonly Fact[] = [
    ...(predecessor === undefined ? [] : [["Extends", `${visible(predecessor)}${end}`] as const]),
    ...(extendedBy === undefined ? [] : [["Extended by", visible(extendedBy)] as const]),
    ...extendFactsOf(request),
  ];
  return facts;
};
