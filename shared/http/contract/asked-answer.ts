/** An ask for several things: `POST /v1/asks`. */
import type { RequestAnswer } from "./answers.ts";

/** All of them are stored, in the order of the body. */
export interface AskedAnswer {
  readonly requests: readonly RequestAnswer[];
}

/** Why a part is refused, with the facts of its problem. The member `parts` of `ask-refused`. */
export interface RefusedPart {
  /** Its place in the body, from 1. */
  readonly part: number;
  /** The code of the problem that it would get by itself. */
  readonly problem: string;
  readonly detail: string;
  readonly [fact: string]: unknown;
}
