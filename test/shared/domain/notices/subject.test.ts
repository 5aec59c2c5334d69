import { describe, expect, it } from "vitest";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import {
  delegationSubject,
  findingSubject,
  parseSubject,
  stopSubject,
} from "../../../../shared/domain/notices/subject.ts";

const FINDING = "0123456789abcdef0123456789abcdef";

describe("the subject of notices", () => {
  it("A subject is a request by its id, a finding, a delegation, or a record of the chain of stops", () => {
    const requestId = countedId(1);
    expect(parseSubject(requestId)).toEqual({ kind: "request", requestId });
    expect(parseSubject(findingSubject(FINDING))).toEqual({ kind: "finding", findingId: FINDING });
    const delegationId = countedId(2);
    const delegation = { kind: "delegation", delegationId };
    expect(parseSubject(delegationSubject(delegationId))).toEqual(delegation);
    expect(parseSubject(stopSubject(12))).toEqual({ kind: "stop", seq: 12 });
  });

  it.each([
    "",
    FINDING,
    "finding-",
    `finding-${countedId(1)}`,
    `request-${FINDING}`,
    `finding-${FINDING}0`,
    "delegation-",
    `delegation-${FINDING}`,
    `delegation-${countedId(1)}0`,
    "stop-",
    "stop-0",
    "stop-01",
    "stop-1x",
    "stop-1234567",
  ])("%j names no subject", (text) => {
    expect(parseSubject(text)).toBeUndefined();
  });

  it("A subject of a finding or a delegation is a message group that SQS takes", () => {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    for (const subject of [
      findingSubject(FINDING),
      delegationSubject(countedId(1)),
      stopSubject(999_999),
    ])
      expect(subject).toMatch(/^[\w-]{1,128}$/);
  });
});
