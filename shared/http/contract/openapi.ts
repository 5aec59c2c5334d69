/**
 * The API's description in OpenAPI 3.1, made from the schemas that validate. Tests compare it with
 * the running API.
 */
import * as z from "zod/mini";
import type { Settings } from "../../domain/settings.ts";
import type { ErrorCode } from "../../domain/values/errors.ts";
import { ANSWER_SCHEMAS } from "./answer-schemas.ts";
import { askBody } from "./ask-body.ts";
import { decisionBody } from "./decision-body.ts";
import { delegationBody } from "./delegation-body.ts";
import { escalationBody } from "./escalation-body.ts";
import { MACHINES_MAY } from "./machine-operations.ts";
import type { BodyName } from "./operation-kind.ts";
import { OPERATION_KINDS } from "./operation-kinds.ts";
import { PROBLEMS } from "./problems.ts";
import { parameterOf } from "./query-parameters.ts";
import {
  acknowledgementBody,
  endBody,
  extensionBody,
  previewBody,
  requestBody,
  reviewBody,
} from "./request-body.ts";
import { QUERY, ROUTES, type RouteOperation } from "./routes.ts";
import { stopBody } from "./stop-body.ts";

const PATH_PARAMETERS = [
  { name: "id", schema: { type: "string", format: "uuid" } },
  { name: "name", schema: { type: "string" }, description: "As in access.yaml." },
  { name: "delegationId", schema: { type: "string", format: "uuid" } },
  { name: "findingId", schema: { type: "string", pattern: "^[0-9a-f]{32}$" } },
];

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Repeating the key with the same body makes nothing again, for at least a day. A request is answered as it was at first, a delegation as it is now.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,128}$" },
};

/** Operations that make something, each of which takes a key. */
const MAKING: ReadonlySet<RouteOperation> = new Set([
  "createRequest",
  "createAsk",
  "extendGrant",
  "createDelegation",
]);

/** The whole document. */
export function openApiDocument(settings: Settings) {
  const bodies: Readonly<Record<BodyName, z.ZodMiniType>> = {
    AccessRequest: requestBody(settings),
    Ask: askBody(settings),
    DryRun: previewBody(settings),
    Extension: extensionBody(settings),
    Decision: decisionBody(settings),
    End: endBody(),
    Escalation: escalationBody(),
    Review: reviewBody(),
    DelegationAsk: delegationBody(),
    Stop: stopBody(),
    Acknowledgement: acknowledgementBody(),
  };
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, operation } of ROUTES)
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, path) };
  return {
    openapi: "3.1.1",
    info: {
      title: "Timelatch",
      version: "1",
      description:
        "Just-in-time access to Amazon EKS clusters. Every call is signed with AWS Signature Version 4 for the service execute-api. Bodies are JSON, at most 16 KB and 8 levels, without members of the same name. Any operation may also answer 500, which is a defect. The gateway answers 403 to unsigned calls.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          description: "AWS Signature Version 4, service execute-api",
        },
      },
      schemas: {
        ...Object.fromEntries(Object.entries(bodies).map(([name, s]) => [name, jsonSchema(s)])),
        ...Object.fromEntries(
          Object.entries(ANSWER_SCHEMAS).map(([name, s]) => [name, jsonSchema(s)]),
        ),
      },
    },
  };
}

function operationObject(operation: RouteOperation, path: string): object {
  const { summary, body } = OPERATION_KINDS[operation];
  const parameters = [
    ...PATH_PARAMETERS.filter(({ name }) => path.includes(`{${name}}`)).map((parameter) => ({
      in: "path",
      required: true,
      ...parameter,
    })),
    ...(MAKING.has(operation) ? [IDEMPOTENCY_KEY] : []),
    ...(QUERY[operation] ?? []).map((name) => ({
      name,
      in: "query",
      ...parameterOf(operation, name),
    })),
  ];
  return {
    operationId: operation,
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { "application/json": reference(body) } } }
      : {}),
    responses: Object.fromEntries(
      [...statusesOf(operation)].map(([status, codes]) => [
        String(status),
        responseObject(operation, status, codes),
      ]),
    ),
  };
}

function responseObject(
  operation: RouteOperation,
  status: number,
  codes: readonly ErrorCode[],
): object {
  const { answer } = OPERATION_KINDS[operation];
  if (codes.length === 0)
    return {
      description: "Done.",
      content: {
        "application/json":
          answer === "OpenApi" ? { schema: { type: "object" } } : reference(answer),
      },
    };
  return {
    description: codes.map((code) => `${code}: ${PROBLEMS[code].title}.`).join(" "),
    ...(RETRIED.has(status)
      ? { headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } }
      : {}),
    content: { "application/problem+json": reference("Problem") },
  };
}

/** The statuses that say when to retry. */
const RETRIED: ReadonlySet<number> = new Set([429, 503]);

const reference = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });

/** The schema of a client's text, before durations and instants are parsed. */
function jsonSchema(schema: z.ZodMiniType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      // These limits are the default for every integer and say nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest;
}

/** Problems of every operation: the caller is identified first, as a person or a machine. */
const ALWAYS: readonly ErrorCode[] = ["unknown-caller"];
const NEVER_BY_MACHINES: readonly ErrorCode[] = ["machine-asks-only"];

/** The statuses of an operation, in order, each with its problem codes. */
export function statusesOf(operation: RouteOperation): ReadonlyMap<number, readonly ErrorCode[]> {
  const { status, problems } = OPERATION_KINDS[operation];
  const refused = MACHINES_MAY[operation] ? [] : NEVER_BY_MACHINES;
  const statuses = new Map<number, readonly ErrorCode[]>([[status, []]]);
  for (const code of new Set([...ALWAYS, ...refused, ...problems])) {
    const answered = PROBLEMS[code].status;
    statuses.set(answered, [...(statuses.get(answered) ?? []), code]);
  }
  return new Map([...statuses].sort(([a], [b]) => a - b));
}
