import { describe, expect, it } from "vitest";
import { classifyFailure } from "../../../../shared/aws/calls/classify-failure.ts";

const failed = (name: string, status?: number, more: Record<string, unknown> = {}) =>
  Object.assign(new Error(String(more["message"] ?? "")), {
    name,
    ...more,
    $metadata: { ...(status === undefined ? {} : { httpStatusCode: status }), requestId: "r-1" },
  });

describe("The class of a failed call", () => {
  it.each([
    ["InvalidParameterException", 400],
    ["ResourceNotFoundException", 404],
    ["ResourceInUseException", 409],
    ["AccessDeniedException", 403],
    ["SomethingNew", 418],
  ])("%s (%i) is refused: asking again gets the same answer", (name, status) => {
    const classified = { failure: "refused", code: name, requestId: "r-1" };
    expect(classifyFailure(failed(name, status))).toEqual(classified);
  });

  it.each([
    ["ThrottlingException", 429],
    ["TooManyRequestsException", 429],
    ["RequestLimitExceeded", 503],
    ["SomethingNew", 429],
  ])("%s (%i) is a throttle: nothing was done, and it passes", (name, status) => {
    expect(classifyFailure(failed(name, status))).toMatchObject({ failure: "throttled" });
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH"])(
    "%s is busy, because the call never left",
    (code) => {
      const error = failed("Error", undefined, { code });
      expect(classifyFailure(error)).toMatchObject({ failure: "busy", code });
    },
  );

  it("A connection that was not established in time is busy, but a missing answer is not", () => {
    const message =
      "@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 1000 ms.";
    const connecting = failed("TimeoutError", undefined, { message });
    expect(classifyFailure(connecting)).toMatchObject({ failure: "busy", code: "ConnectTimeout" });
    const waiting = failed("TimeoutError", undefined, { message: "exceeded requestTimeout" });
    expect(classifyFailure(waiting)).toMatchObject({ failure: "unknown", code: "Timeout" });
  });

  it.each([
    ["ServerException", 500],
    ["ServiceUnavailableException", 503],
    ["ExpiredByGateway", 504],
  ])("%s (%i) is unknown, because the call may have been applied", (name, status) => {
    expect(classifyFailure(failed(name, status))).toMatchObject({ failure: "unknown", code: name });
  });

  it.each([
    ["a cut connection", failed("TimeoutError", undefined, { code: "ECONNRESET" }), "ECONNRESET"],
    ["an abort", failed("AbortError"), "Timeout"],
    ["a thrown value that is not an error", "thrown text", "Error"],
    ["nothing at all", undefined, "Error"],
  ])("The outcome of %s is unknown", (_what, error, code) => {
    expect(classifyFailure(error)).toMatchObject({ failure: "unknown", code });
  });
});
