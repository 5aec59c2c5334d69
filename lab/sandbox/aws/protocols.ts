/** The AWS protocols of the port, by the kind that a service declares. */
import { awsJson } from "./aws-json.ts";
import { awsQuery } from "./aws-query.ts";
import { restJson } from "./rest-json.ts";
import { s3Wire } from "./s3/wire.ts";
import type { Protocol } from "./service.ts";
import { headerOf, type SignedRequest } from "./signed-request.ts";
import type { Wire } from "./wire.ts";

export function wireOf(protocol: Protocol): Wire {
  switch (protocol.kind) {
    case "rest-json":
      return restJson(protocol);
    case "json":
      return awsJson(protocol);
    case "query":
      return awsQuery(protocol);
    case "s3":
      return s3Wire;
  }
}

/** The likely protocol of a request to an unknown service, so that its client can read the error. */
export function guessedProtocol(request: SignedRequest): Protocol {
  if (headerOf(request, "x-amz-target") !== undefined)
    return {
      kind: "json",
      version: headerOf(request, "content-type")?.includes("1.1") ? "1.1" : "1.0",
      targetPrefixes: [],
      queryError: false,
      errorNamespace: "com.amazon.coral.service#",
    };
  const form = headerOf(request, "content-type")?.startsWith("application/x-www-form-urlencoded");
  if (form || /[?&]Action=/.test(request.target))
    return { kind: "query", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" };
  return { kind: "rest-json", routes: [], errorMember: "message" };
}
