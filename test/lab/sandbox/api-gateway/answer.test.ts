import { describe, expect, it } from "vitest";
import { FAILED, functionAnswer } from "../../../../lab/sandbox/api-gateway/answer.ts";

const text = (result: unknown) => {
  const { status, headers, body } = functionAnswer(result);
  return { status, headers, body: body.toString() };
};

describe("a function's result", () => {
  it("A function's result with a statusCode is the answer, its header names in lower case", () => {
    expect(
      text({ statusCode: 201, headers: { "Content-Type": "application/json" }, body: "{}" }),
    ).toEqual({ status: 201, headers: { "content-type": "application/json" }, body: "{}" });
  });

  it("A function's result is plain text where it names no content type, and may lack a body", () => {
    expect(text({ statusCode: 204 })).toEqual({
      status: 204,
      headers: { "content-type": "text/plain;charset=UTF-8" },
      body: "",
    });
  });

  it("A function's result in base64 is decoded, and cookies are headers of their own", () => {
    expect(
      text({ statusCode: 200, isBase64Encoded: true, body: "aGk=", cookies: ["a=1", "b=2"] }),
    ).toMatchObject({ body: "hi", headers: { "set-cookie": ["a=1", "b=2"] } });
  });

  it.each([
    [{ ok: true }, '{"ok":true}'],
    ["hello", "hello"],
    [null, "null"],
  ])("The result %j without a statusCode is wrapped as 200 and JSON", (result, body) => {
    expect(text(result)).toEqual({
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    });
  });

  it.each([{ statusCode: "soon" }, { statusCode: 42 }, { statusCode: 200, body: { a: 1 } }])(
    "The malformed result %j is a failure of the gateway's own",
    (result) => {
      expect(functionAnswer(result)).toBe(FAILED);
    },
  );
});
