/** How far access can be extended, and what extends what. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ExtendAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Fact } from "../terminal/facts.ts";
import { fullTime } from "./time-text.ts";

/** `2 times, to 8h in all; each needs the same approval`; nothing where it cannot be extended. */
export function extendFacts(extend: ExtendAnswer | undefined): readonly Fact[] {
  if (!extend) return [];
  const { times, total, approval } = extend;
  const often = times === 1 ? "once" : `${times} times`;
  const needs = approval === "none" ? "without an approval" : "with the same approval";
  return [["Extend", `${often}, to ${visible(total)} in all, ${needs}`]];
}

/** Which grant a request extends, and which one extends it. */
export const extensionFacts = ({ extends: predecessor, until, extendedBy }: RequestAnswer) => {
  const end = until === undefined ? "" : `, removed by ${fullTime(until)}`;
  const facts: readonly Fact[] = [
    ...(predecessor === undefined ? [] : [["Extends", `${visible(predecessor)}${end}`] as const]),
    ...(extendedBy === undefined ? [] : [["Extended by", visible(extendedBy)] as const]),
  ];
  return facts;
};
