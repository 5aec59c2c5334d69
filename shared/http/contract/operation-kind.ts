/** The input, the answer and the problems of one operation. */
import type { ErrorCode } from "../../domain/values/errors.ts";
import type { AnswerName } from "./answer-schemas.ts";

/** The schemas of bodies, by their names in the description. */
export type BodyName =
  | "DryRun"
  | "AccessRequest"
  | "Ask"
  | "Extension"
  | "Decision"
  | "End"
  | "Escalation"
  | "Review"
  | "DelegationAsk"
  | "Stop"
  | "Acknowledgement";

export interface OperationKind {
  readonly summary: string;
  readonly status: 200 | 201;
  readonly answer: AnswerName | "OpenApi";
  readonly body?: BodyName;
  /** Problems of this operation, besides those of every operation. */
  readonly problems: readonly ErrorCode[];
}
