import { describe, expect, it } from "vitest";
import { findingSubject, parseSubject } from "../../../../shared/domain/notices/subject.ts";
import { countedId } from "../../../fakes/counted-ids.ts";

const FINDING = "0123456789abcdef0123456789abcdef";

describe("the subject of notices", () => {
  it("A subject is a request by its id, or a finding", () => {
    const requestId = countedId(1);
    expect(parseSubject(requestId)).toEqual({ kind: "request", requestId });
    expect(parseSubject(findingSubject(FINDING))).toEqual({ kind: "finding", findingId: FINDING });
  });

  it.each([
    "",
    FINDING,
    "finding-",
    `finding-${countedId(1)}`,
    `request-${FINDING}`,
    `finding-${FINDING}0`,
  ])("%j names no subject", (text) => {
    expect(parseSubject(text)).toBeUndefined();
  });

  it("A subject of a finding is a message group that SQS takes", () => {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(findingSubject(FINDING)).toMatch(/^[\w-]{1,128}$/);
  });
});
