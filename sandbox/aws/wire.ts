import { awsJson } from "./aws-json.ts";
import { awsQuery } from "./aws-query.ts";
import { restJson } from "./rest-json.ts";
import type { AwsError, Protocol } from "./service.ts";
import { headerOf, type SignedRequest } from "./sigv4.ts";

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A request as its protocol names it. */
export interface Decoded {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** One protocol's reading and writing. */
export interface Wire {
  /**
   * Names the operation and gathers its input.
   * @throws AwsError for a request that names none, or whose body is not the protocol's.
   */
  readonly decode: (request: SignedRequest) => Decoded;
  readonly answer: (operation: string, output: unknown, requestId: string) => Answer;
  readonly refuse: (error: AwsError, requestId: string) => Answer;
  /** The code and status under which a service refuses an operation it does not have. */
  readonly unknownOperation: readonly [code: string, status: number];
}

export function wireOf(protocol: Protocol): Wire {
  switch (protocol.kind) {
    case "rest-json":
      return restJson(protocol);
    case "json":
      return awsJson(protocol);
    case "query":
      return awsQuery(protocol);
  }
}

/** The protocol that a request to no known service seems to speak, so that its client can read the refusal. */
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
