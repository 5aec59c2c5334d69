/**
 * The API's description in OpenAPI 3.1, made from the schemas that validate. Statuses and problems
 * are data here, and tests compare them with the running API.
 */
import * as z from "zod/mini";
import type { Settings } from "../../domain/settings.ts";
import type { ErrorCode } from "../../domain/values/errors.ts";
import {
  AccessSchema,
  AuditEventListSchema,
  EventListSchema,
  PreviewSchema,
  ProblemSchema,
  RequestListSchema,
  RequestSchema,
  WhoAmISchema,
} from "./answer-schemas.ts";
import { PROBLEMS } from "./problems.ts";
import { DecisionBody, EndBody, requestBody } from "./request-body.ts";
import { QUERY, type QueryParameter, ROUTES, type RouteOperation } from "./routes.ts";

type BodyName = "AccessRequest" | "Decision" | "End";
type AnswerName = keyof typeof ANSWERS;

const ANSWERS = {
  Request: RequestSchema,
  RequestList: RequestListSchema,
  EventList: EventListSchema,
  AuditEventList: AuditEventListSchema,
  WhoAmI: WhoAmISchema,
  Access: AccessSchema,
  Preview: PreviewSchema,
  Problem: ProblemSchema,
};

interface OperationKind {
  readonly summary: string;
  readonly status: 200 | 201;
  readonly answer: AnswerName | "OpenApi";
  readonly body?: BodyName;
  /** Problems of this operation, besides those of every operation. */
  readonly problems: readonly ErrorCode[];
}

const BODY: readonly ErrorCode[] = [
  "malformed-request",
  "body-too-large",
  "unsupported-media-type",
  "invalid-request",
];
const OF_REQUEST: readonly ErrorCode[] = [
  "request-not-found",
  "invalid-request",
  "dependency-unavailable",
];
const CHANGING: readonly ErrorCode[] = [
  ...BODY,
  ...OF_REQUEST,
  "illegal-transition",
  "version-conflict",
  "forbidden",
];
const LISTING: readonly ErrorCode[] = [
  "invalid-request",
  "invalid-cursor",
  "dependency-unavailable",
];

/** What an operation does, takes and answers. */
export const OPERATION_KINDS: Readonly<Record<RouteOperation, OperationKind>> = {
  whoAmI: {
    summary: "Who the API takes the caller for.",
    status: 200,
    answer: "WhoAmI",
    problems: ["invalid-request"],
  },
  listAccess: {
    summary: "What the caller may ask for, and who must approve it.",
    status: 200,
    answer: "Access",
    problems: ["invalid-request"],
  },
  createRequest: {
    summary: "Ask for access. If the rule needs no approver, the policy approves it at once.",
    status: 201,
    answer: "Request",
    body: "AccessRequest",
    problems: [
      ...BODY,
      "policy-denied",
      "duration-too-long",
      "cluster-not-ready",
      "duplicate-request",
      "too-many-grants",
      "idempotency-mismatch",
      "rate-limited",
      "dependency-unavailable",
    ],
  },
  listRequests: {
    summary: "The caller's own requests, newest first, or those that the caller may decide.",
    status: 200,
    answer: "RequestList",
    problems: LISTING,
  },
  previewRequest: {
    summary: "Dry-run a request. Nothing is stored.",
    status: 200,
    answer: "Preview",
    body: "AccessRequest",
    problems: [...BODY, "dependency-unavailable"],
  },
  getRequest: {
    summary: "One request.",
    status: 200,
    answer: "Request",
    problems: OF_REQUEST,
  },
  listRequestEvents: {
    summary: "A request's history, oldest first, each event linked to the one before.",
    status: 200,
    answer: "EventList",
    problems: OF_REQUEST,
  },
  decideRequest: {
    summary: "Approve or deny the request that the digest identifies.",
    status: 200,
    answer: "Request",
    body: "Decision",
    problems: [...CHANGING, "self-approval", "digest-mismatch", "policy-denied", "too-many-grants"],
  },
  cancelRequest: {
    summary: "Cancel a request that is not active yet.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: CHANGING,
  },
  returnGrant: {
    summary: "Return your own access early.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: CHANGING,
  },
  revokeGrant: {
    summary: "Revoke access early.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: CHANGING,
  },
  listGrants: {
    summary: "Grants whose access may exist, as far as the caller may see them.",
    status: 200,
    answer: "RequestList",
    problems: LISTING,
  },
  listAuditEvents: {
    summary:
      "Everyone's audit events between two instants, for auditors. The answer is complete up to its `to`.",
    status: 200,
    answer: "AuditEventList",
    problems: [...LISTING, "forbidden"],
  },
  getOpenApi: {
    summary: "This description.",
    status: 200,
    answer: "OpenApi",
    problems: ["invalid-request"],
  },
};

/** Problems of every operation: the caller is identified first. */
const ALWAYS: readonly ErrorCode[] = ["unknown-caller"];

/** The statuses of an operation, in order, each with its problem codes. */
export function statusesOf(operation: RouteOperation): ReadonlyMap<number, readonly ErrorCode[]> {
  const { status, problems } = OPERATION_KINDS[operation];
  const statuses = new Map<number, readonly ErrorCode[]>([[status, []]]);
  for (const code of new Set([...ALWAYS, ...problems])) {
    const of = PROBLEMS[code].status;
    statuses.set(of, [...(statuses.get(of) ?? []), code]);
  }
  return new Map([...statuses].sort(([a], [b]) => a - b));
}

const TEXT = { type: "string" };

const PARAMETERS: Readonly<Record<QueryParameter, object>> = {
  view: { description: "Whose requests.", schema: { ...TEXT, enum: ["mine", "to-approve"] } },
  limit: {
    description: "How many at most.",
    schema: { type: "integer", minimum: 1, maximum: 100 },
  },
  cursor: {
    description: "Where the page starts: the next of the previous page.",
    schema: TEXT,
  },
  from: { required: true, description: "A date or instant in UTC, included.", schema: TEXT },
  to: { required: true, description: "A date or instant in UTC, not included.", schema: TEXT },
};

const ID = {
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string", format: "uuid" },
};

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "Repeating the key with the same body returns the first answer, for at least a day.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,128}$" },
};

/** The whole document. */
export function openApiDocument(settings: Settings) {
  const bodies: Readonly<Record<BodyName, z.ZodMiniType>> = {
    AccessRequest: requestBody(settings),
    Decision: DecisionBody,
    End: EndBody,
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
        ...Object.fromEntries(Object.entries(ANSWERS).map(([name, s]) => [name, jsonSchema(s)])),
      },
    },
  };
}

function operationObject(operation: RouteOperation, path: string): object {
  const { summary, body } = OPERATION_KINDS[operation];
  const parameters = [
    ...(path.includes("{id}") ? [ID] : []),
    ...(operation === "createRequest" ? [IDEMPOTENCY_KEY] : []),
    ...(QUERY[operation] ?? []).map((name) => ({ name, in: "query", ...PARAMETERS[name] })),
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

/** The schema of what a client writes, before durations and instants are parsed. */
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
