import { BodyBytes } from "./body-bytes.ts";
import { jsonBody } from "./json-body.ts";
import { AwsError, type Protocol, type RestRoute } from "./service.ts";
import { headerOf, type SignedRequest } from "./signed-request.ts";
import type { Answer, Decoded, Wire } from "./wire.ts";

type RestJson = Extract<Protocol, { kind: "rest-json" }>;

/** AWS restJson1: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJson({ routes, errorMember }: RestJson): Wire {
  return {
    unknownOperation: ["UnknownOperationException", 404],
    decode: (request) => decode(routes, request),
    answer: (operation, output, requestId) => {
      const headers = { "x-amzn-requestid": requestId };
      const route = routes.find((one) => one.operation === operation);
      return route?.raw
        ? rawAnswer(route, route.raw, headers, output as Members)
        : json(200, headers, output ?? {});
    },
    refuse: (error, requestId) =>
      json(
        error.status,
        { "x-amzn-requestid": requestId, "x-amzn-errortype": error.code },
        { ...error.members, [errorMember]: error.message },
      ),
  };
}

type Members = Readonly<Record<string, unknown>>;

/** Output without bytes has no body. */
function rawAnswer(
  { headers: named = {} }: RestRoute,
  { payload, status }: NonNullable<RestRoute["raw"]>,
  headers: Record<string, string>,
  output: Members,
): Answer {
  const own = Object.entries(named).filter(([, member]) => output[member] !== undefined);
  const body = output[payload];
  return {
    status: Number(output[status]),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
      ...Object.fromEntries(own.map(([name, member]) => [name, String(output[member])])),
    },
    body: body instanceof BodyBytes ? body.bytes : "",
  };
}

function json(status: number, headers: Record<string, string>, value: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

function decode(routes: readonly RestRoute[], request: SignedRequest): Decoded {
  const [path = "/", query = ""] = request.target.split(/\?(.*)/s);
  const segments = split(path);
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const labels = match(split(route.path), segments);
    if (!labels) continue;
    return {
      operation: route.operation,
      input: {
        ...(route.raw
          ? { [route.raw.payload]: new BodyBytes(request.body) }
          : jsonBody(request.body)),
        ...headerMembers(route, request),
        ...queryMembers(route, query),
        ...labels,
      },
    };
  }
  throw new AwsError(
    "UnknownOperationException",
    404,
    `${request.method} ${path} is not an operation that the sandbox emulates.`,
  );
}

/** On the raw path: an ARN in a label keeps its encoded slashes until here. */
function split(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function match(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [at, part] of template.entries()) {
    const segment = segments[at] ?? "";
    const label = /^\{(\w+)\}$/.exec(part)?.[1];
    if (label === undefined) {
      if (part !== segment) return undefined;
    } else {
      labels[label] = decoded(segment);
    }
  }
  return labels;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError(
      "SerializationException",
      400,
      `The path holds '${segment}', which is not percent-encoded UTF-8.`,
    );
  }
}

function headerMembers({ headers = {} }: RestRoute, request: SignedRequest): Members {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, member]) => {
      const value = headerOf(request, name);
      return value === undefined ? [] : [[member, value]];
    }),
  );
}

function queryMembers(route: RestRoute, query: string): Record<string, string | number | string[]> {
  const members: Record<string, string | number | string[]> = {};
  const parameters = new URLSearchParams(query);
  for (const [name, { member, type }] of Object.entries(route.query ?? {})) {
    const text = parameters.get(name);
    if (text === null) continue;
    if (type === "strings") {
      members[member] = parameters.getAll(name);
      continue;
    }
    if (type === "number" && !/^-?\d+$/.test(text))
      throw new AwsError("SerializationException", 400, `${name} is not a number: '${text}'.`);
    members[member] = type === "number" ? Number(text) : text;
  }
  return members;
}
