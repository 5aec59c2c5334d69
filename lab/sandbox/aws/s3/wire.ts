import { randomBytes } from "node:crypto";
import type { AwsError } from "../service.ts";
import type { Answer, Wire } from "../wire.ts";
import { xmlMembers } from "../xml.ts";
import type { S3Output } from "./request-input.ts";
import { decodeS3 } from "./routes.ts";

/** Amazon S3's own REST protocol: headers and bytes, XML for lists and errors. */
export const s3Wire: Wire = {
  unknownOperation: ["NotImplemented", 501],
  decode: decodeS3,
  answer: (_operation, output, requestId) => {
    const { status = 200, headers = {}, body = "" } = (output ?? {}) as S3Output;
    return {
      status,
      headers: {
        ...(typeof body === "string" && body !== "" ? { "content-type": "application/xml" } : {}),
        ...headers,
        ...identifiers(requestId),
      },
      body: typeof body === "string" ? body : body.bytes,
    };
  },
  refuse: (error, requestId) => refusal(error, requestId),
};

/** Members whose names begin with `x-amz-` are headers of the answer. */
function refusal(error: AwsError, requestId: string): Answer {
  const members = Object.entries(error.members);
  const headers = members.filter(([name]) => name.startsWith("x-amz-"));
  const content = xmlMembers({
    Code: error.code,
    Message: error.message,
    ...Object.fromEntries(members.filter(([name]) => !name.startsWith("x-amz-"))),
    RequestId: requestId,
  });
  return {
    status: error.status,
    headers: {
      "content-type": "application/xml",
      ...Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      ...identifiers(requestId),
    },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`,
  };
}

const identifiers = (requestId: string) => ({
  "x-amz-request-id": requestId,
  "x-amz-id-2": randomBytes(48).toString("base64"),
});
