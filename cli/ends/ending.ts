/** A command that ends all that one person's requests give, and how far it has come. */
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import type { Context } from "../context.ts";
import type { Failure } from "../failures/failure.ts";
import type { End, EndPlan } from "./plan-ends.ts";

export interface Ending {
  readonly context: Context;
  readonly api: Api;
  readonly plan: EndPlan;
  /** Kept in each history. */
  readonly note: string | undefined;
}

/** An end that the API took, with its answer. */
export interface TakenEnd {
  readonly end: End;
  readonly answer: RequestAnswer;
}

/** An end that the API refused. */
export interface RefusedEnd {
  readonly end: End;
  readonly failure: Failure;
}

/** Each end of the plan that has an answer. */
export interface SentEnds {
  readonly taken: readonly TakenEnd[];
  readonly refused: readonly RefusedEnd[];
}

/** The command that ends what is left. */
export const againOf = ({ person, cluster, isOwn }: EndPlan): string => {
  const place = cluster === undefined ? "" : ` --cluster ${cluster}`;
  return isOwn
    ? `timelatch return --all${place}`
    : `timelatch revoke --all --who ${person}${place}`;
};

/** The command that shows what the person can do. */
export const statusOf = ({ person, cluster }: EndPlan): string =>
  `timelatch status ${person}${cluster === undefined ? "" : ` --cluster ${cluster}`}`;

/** Everything that ends by the taken ends, or was ending before: what a wait follows. */
export const followed = (
  { underway }: EndPlan,
  { taken }: SentEnds,
): readonly (RequestSummary | RequestAnswer)[] => [
  ...new Map(
    [...taken.flatMap(({ end, answer }) => [answer, ...end.others]), ...underway].map(
      (each) => [each.id, each] as const,
    ),
  ).values(),
];
