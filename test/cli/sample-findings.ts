/** Findings as the API answers them. */
import type { FindingCode } from "../../shared/domain/evidence/findings/finding-record.ts";
import type { TrailEvent } from "../../shared/domain/evidence/trail/trail-event.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import { findingAnswer } from "../../shared/http/server/finding-answer.ts";
import { aFinding, anAcknowledgement } from "../shared/domain/evidence/finding-samples.ts";
import { fakeApi } from "./fake-terminal.ts";

/** An open finding. */
export const found = (
  code: FindingCode = "outside-change",
  changes: Partial<TrailEvent> = {},
): FindingAnswer => findingAnswer({ record: aFinding(code, changes), acknowledgements: [] });

/** The same finding, after Dave has looked at it. */
export function acknowledged(code: FindingCode = "outside-change"): FindingAnswer {
  const record = aFinding(code);
  return findingAnswer({ record, acknowledgements: [anAcknowledgement(record)] });
}

/** Up to when the sample API's list of all findings is complete. */
export const LISTED_TO = "2026-11-24T10:04:00.000Z";

/** An API that has these findings, and answers an acknowledgement with `after`. */
export const apiWith = (
  open: readonly FindingAnswer[],
  others: readonly FindingAnswer[] = [],
  after: FindingAnswer = acknowledged(),
) =>
  fakeApi(({ method, query }) => {
    if (method === "POST") return after;
    return query?.["view"] === "open"
      ? { findings: open }
      : { findings: [...open, ...others], to: LISTED_TO };
  });
