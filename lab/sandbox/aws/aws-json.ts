import { jsonBody } from "./json-body.ts";
import { AwsError, type Protocol } from "./service.ts";
import { headerOf } from "./signed-request.ts";
import type { Answer, Wire } from "./wire.ts";

type AwsJson = Extract<Protocol, { kind: "json" }>;

/** Errors that AWS's front end makes, whichever service stands behind it. */
const FRONT_END = new Set([
  "AccessDeniedException",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InternalFailure",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "SerializationException",
  "ThrottlingException",
  "UnknownOperationException",
  "UnrecognizedClientException",
]);

/** AWS JSON 1.0 and 1.1: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function awsJson(protocol: AwsJson): Wire {
  const answer = (
    status: number,
    requestId: string,
    value: unknown,
    more: Record<string, string> = {},
  ): Answer => ({
    status,
    headers: {
      "content-type": `application/x-amz-json-${protocol.version}`,
      "x-amzn-requestid": requestId,
      ...more,
    },
    body: JSON.stringify(value),
  });
  return {
    unknownOperation: ["UnknownOperationException", 400],
    decode: (request) => {
      const target = headerOf(request, "x-amz-target") ?? "";
      const prefix = protocol.targetPrefixes.find((each) => target.startsWith(each));
      if (prefix === undefined)
        throw new AwsError(
          "UnknownOperationException",
          400,
          `The X-Amz-Target '${target}' is not an operation that the sandbox emulates.`,
        );
      return { operation: target.slice(prefix.length), input: jsonBody(request.body) };
    },
    answer: (_operation, output, requestId) => answer(200, requestId, output ?? {}),
    refuse: (error, requestId) => {
      const namespace = FRONT_END.has(error.code)
        ? "com.amazon.coral.service#"
        : protocol.errorNamespace;
      return answer(
        error.status,
        requestId,
        { ...error.members, __type: `${namespace}${error.code}`, message: error.message },
        protocol.queryError
          ? {
              "x-amzn-query-error": `${error.queryCode};${error.status < 500 ? "Sender" : "Receiver"}`,
            }
          : {},
      );
    },
  };
}
