import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { settings } from "../../../../lab/fakes/builders.ts";
import type { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { requestBody } from "../../../../shared/http/contract/request-body.ts";
import { parseBody } from "../../../../shared/http/server/parse-body.ts";

const JSON_TYPE = { "content-type": "application/json" };
const Body = z.strictObject({ a: z.optional(z.string()) });

const event = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  typeof body === "string"
    ? { body, headers, isBase64Encoded: false }
    : { body: body.toString("base64"), headers, isBase64Encoded: true };

function refusal(body: string | Buffer, headers?: Record<string, string>, schema = Body) {
  try {
    parseBody(schema, event(body, headers));
  } catch (error) {
    const { code, facts } = error as BrokerError;
    const errors = (facts["errors"] ?? []) as readonly { readonly pointer: string }[];
    return [code, ...errors.map(({ pointer }) => pointer)];
  }
  return [];
}

describe("A body", () => {
  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
  ])("A body of type %s is read, in base64 or plain", (type) => {
    for (const body of ['{"a":"é"}', Buffer.from('{"a":"é"}')])
      expect(parseBody(Body, event(body, { "content-type": type }))).toEqual({ a: "é" });
  });

  it.each([
    ["text/plain"],
    ["application/json; charset=latin1"],
    ["application/jsonp"],
    ["application/x-www-form-urlencoded"],
    ["application/json,application/json"],
    [""],
  ])("A body of type %s is refused", (type) => {
    expect(refusal("{}", { "content-type": type })).toEqual(["unsupported-media-type"]);
  });
  it("A body without a type is refused", () => {
    expect(refusal("{}", {})).toEqual(["unsupported-media-type"]);
  });

  it("A body has at most 16 KB, counted in bytes", () => {
    const sized = (bytes: number) => JSON.stringify({ a: "é".repeat((bytes - 8) / 2) });
    expect(Buffer.byteLength(sized(16_384))).toBe(16_384);
    expect(refusal(sized(16_384))).toEqual([]);
    expect(refusal(sized(16_386))).toEqual(["body-too-large"]);
    expect(refusal(Buffer.from(sized(16_386)))).toEqual(["body-too-large"]);
  });

  it.each([
    ["empty", ""],
    ["incomplete JSON", '{"a":'],
    ["with a stray continuation byte", Buffer.from([0x7b, 0x80, 0x7d])],
    ["with an overlong slash", Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ["with a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["with broken bytes that a gateway decoded", '{"a":"\ufffd"}'],
    ["in UTF-16", Buffer.from('{"a":"b"}', "utf16le")],
    ["with a byte order mark", Buffer.from('\ufeff{"a":"b"}')],
  ])("A body %s is malformed", (_what, body) => {
    expect(refusal(body)).toEqual(["malformed-request"]);
  });

  it.each([
    ["nested too deep", `{"a":${"[".repeat(8)}${"]".repeat(8)}}`, ""],
    ["with a duplicate member", '{"a":"b","a":"c"}', "/a"],
    ["with half a character", '{"a":"\\ud800"}', "/a"],
    ["with an unknown member", '{"state":"active"}', "/state"],
    ["with __proto__", '{"__proto__":{"a":"b"}}', "/__proto__"],
    ["with constructor", '{"constructor":{"prototype":{"a":"b"}}}', "/constructor"],
    ["of the wrong type", '{"a":1}', "/a"],
    ["that is not an object", "[]", ""],
  ])("A body %s is invalid, with the place of the fault", (_what, body, pointer) => {
    expect(refusal(body)).toEqual(["invalid-request", pointer]);
  });

  it("Parsing a body does not change prototypes", () => {
    refusal('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("A refusal names at most twenty faults", () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 99 }, (_, n) => [n, n])));
    expect(refusal(body)).toHaveLength(21);
  });

  it("A body is checked for type, size, encoding, form and depth, in this order", () => {
    const deep = "[".repeat(20_000);
    expect(refusal(deep, { "content-type": "text/html" })).toEqual(["unsupported-media-type"]);
    expect(refusal(deep)).toEqual(["body-too-large"]);
    expect(refusal("[".repeat(9))).toEqual(["malformed-request"]);
  });
});

describe("The body of a request", () => {
  const valid = {
    cluster: "prod",
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    duration: "1h",
    reason: "INC-4711 stuck rollout",
  };
  const schema = requestBody(settings());
  const faults = (over: object) => {
    try {
      parseBody(schema, event(JSON.stringify({ ...valid, ...over })));
    } catch (error) {
      const { code, facts } = error as BrokerError;
      expect(code).toBe("invalid-request");
      return (facts["errors"] as readonly { readonly pointer: string }[]).map((f) => f.pointer);
    }
    return [];
  };
  const namespaces = (...names: unknown[]) => ({
    access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces: names } },
  });
  const NS = "/access/scope/namespaces";

  it("A valid request body is accepted", () => {
    expect(faults({})).toEqual([]);
    expect(faults({ duration: undefined, startsAt: "2026-11-24T10:00:00Z" })).toEqual([]);
    expect(faults({ access: { groups: ["eks-admins"] } })).toEqual([]);
  });

  it.each([
    ["upper case", namespaces("payments-api", "Payments"), [`${NS}/1`]],
    ["64 characters", namespaces("a".repeat(64)), [`${NS}/0`]],
    ["dots", namespaces("a.b"), [`${NS}/0`]],
    ["letters that look alike", namespaces("pаyments-api"), [`${NS}/0`]],
    ["a line break", namespaces("payments-api\n"), [`${NS}/0`]],
    ["no characters", namespaces(""), [`${NS}/0`]],
    ["null", namespaces("payments-api", null), [`${NS}/1`]],
    ["a number", namespaces(1), [`${NS}/0`]],
    ["no element", namespaces(), [NS]],
    ["too many elements", namespaces(...Array.from({ length: 51 }, (_, n) => `n${n}`)), [NS]],
  ])("A request body with %s in its namespaces is refused with the place", (_what, over, at) => {
    expect(faults(over)).toEqual(at);
  });

  it.each([
    ["a cluster scope with namespaces", { type: "cluster", namespaces: ["payments-api"] }],
    ["an unknown scope", { type: "everything" }],
    ["a namespace scope without namespaces", { type: "namespace" }],
    ["an empty scope", {}],
  ])("A request body with %s is refused", (_what, scope) => {
    expect(faults({ access: { policy: "AmazonEKSEditPolicy", scope } })).not.toEqual([]);
  });

  it.each(
    ["0h", "-1h", "1.5h", "NaN", "1e309", "PT1H ", "1h foo", "P1M", "1H", "1m1h", "30s", "4m"].map(
      (duration) => [duration],
    ),
  )("The duration %j is refused", (duration) => {
    expect(faults({ duration })).toEqual(["/duration"]);
  });
  it.each([[3_600], [{ valueOf: 3_600 }], [null], [["1h"]], [true]])(
    "The duration %j is refused because it is not a text",
    (duration) => {
      expect(faults({ duration })).toEqual(["/duration"]);
    },
  );

  it.each([
    "arn:aws:sts::111122223333:assumed-role/alice/alice",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:role/people/alice/",
    "arn:aws:iam::111122223333:role//alice",
    "arn:aws:iam::111122223333:role/people%2falice",
    "arn:aws:iam::111122223333:role/people/al\u200bice",
    "arn:aws:iam::111122223333:role/people/ａlice",
    "arn:aws:iam::111122223333:role/*",
    "arn:other:iam::111122223333:role/alice",
    "*",
    ` arn:aws:iam::111122223333:role/alice`,
    `arn:aws:iam::111122223333:role/${"p/".repeat(1_100)}alice`,
  ])("The principal %j is refused", (principalArn) => {
    expect(faults({ principalArn })).toEqual(["/principalArn"]);
  });

  it.each(["a\nb", "a\r", "\u001b[31mred", "a\u202eb", "a\u200bb", "", "x".repeat(501), "a\tb"])(
    "The reason %j is refused",
    (reason) => {
      expect(faults({ reason })).toEqual(["/reason"]);
    },
  );
  it("A reason may be in any script", () => {
    expect(faults({ reason: "INC-4711 Stau – 渋滞 🚦" })).toEqual([]);
  });

  it.each(["2026-11-24", "tomorrow", "2026-02-30T10:00:00Z", "2026-11-24T10:00:00+01:00", ""])(
    "The start %j is refused",
    (startsAt) => {
      expect(faults({ startsAt })).toEqual(["/startsAt"]);
    },
  );
});
