/**
 * Reads a stored record as a grant. Functions that face people can write the requests table, so a
 * record may hold anything. Converge reads a field only after this check, so no record can stop a run.
 */
import { isAccessPolicyName, parseClusterArn, parsePrincipalArn } from "../values/arn.ts";
import {
  isBoolean,
  isNumber,
  isObject,
  isText,
  listOf,
  matching,
  oneOf,
  optional,
  orNull,
  type Test,
  withFields,
} from "../values/forms.ts";
import { isInstant } from "../values/instant.ts";
import { ACCESS_MAY_EXIST } from "./lifecycle.ts";
import { type AccessRequest, STATES, type State } from "./request.ts";
import { MOST_APPROVALS } from "./requirement.ts";

const isTexts = listOf(isText);
/** A request names 50 namespaces at most. Thousands would take a run's whole time to compare. */
const isElements: Test = (value) => isTexts(value) && (value as unknown[]).length <= MOST_ELEMENTS;
const MOST_ELEMENTS = 50;
const isAccess = oneOf(
  withFields({ groups: isElements, policy: (value) => value === undefined }),
  withFields({
    policy: (value) => typeof value === "string" && isAccessPolicyName(value),
    groups: (value) => value === undefined,
    scope: oneOf(
      withFields({ type: (value) => value === "cluster" }),
      withFields({ type: (value) => value === "namespace", namespaces: isElements }),
    ),
  }),
);

/** Names sessions, schedules and items, as `ids.newId` makes it. */
const isId = matching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** Whether a text has the form of a request's id. */
export const isRequestId = (text: string): boolean => isId(text);

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: SourceIdentity. */
const isSourceIdentity = matching(/^[\w+=,.@-]{2,64}$/);

const isFact = withFields({
  onCall: isText,
  schedule: isText,
  person: isText,
  readAt: isInstant,
  until: isInstant,
  byOverride: optional((value) => value === true),
});

const isTicketFact = oneOf(
  withFields({ in: isText, ticket: isText, unknown: isText }),
  withFields({
    in: isText,
    ticket: isText,
    status: isText,
    assignee: optional(isText),
    reporter: optional(isText),
    readAt: isInstant,
  }),
);

const GRANT: Readonly<Record<keyof AccessRequest, Test>> = {
  // UPGRADING.md lets a later release store its records before this one takes its place again.
  schema: (value) => isNumber(value) && value !== 0,
  id: isId,
  version: isNumber,
  state: (value) => ACCESS_MAY_EXIST.has(value as State),
  requester: isSourceIdentity,
  cluster: withFields({
    name: isText,
    arn: (value) => typeof value === "string" && parseClusterArn(value) !== undefined,
  }),
  principalArn: (value) => typeof value === "string" && parsePrincipalArn(value) !== undefined,
  access: isAccess,
  durationSeconds: isNumber,
  reason: isText,
  rule: isText,
  breakGlass: isBoolean,
  machine: optional((value) => value === true),
  via: optional(withFields({ protocol: isText, client: isText })),
  askedWith: optional(isElements),
  review: optional(
    withFields({ by: isTexts, dueAt: isInstant, closed: orNull(withFields({ person: isText })) }),
  ),
  requirements: listOf(
    withFields({
      groups: isTexts,
      count: (value) => isNumber(value) && Number(value) <= MOST_APPROVALS,
      onCall: optional(isText),
      escalate: optional(withFields({ afterSeconds: isNumber, groups: isTexts })),
    }),
  ),
  ticket: optional(isText),
  onCall: optional(isFact),
  askedFirst: optional((value) => isObject(value) && Object.values(value).every(isTexts)),
  extends: optional(isId),
  until: optional(isInstant),
  shortened: optional((value) => value === true),
  extendedBy: optional(isId),
  extendedUntil: optional(isInstant),
  endedWith: optional(isId),
  startsAt: orNull(isInstant),
  createdAt: isInstant,
  updatedAt: isInstant,
  lapsesAt: isInstant,
  digest: isText,
  earlierTerms: optional(
    listOf(withFields({ access: isAccess, durationSeconds: isNumber, digest: isText })),
  ),
  escalatedFrom: optional(
    withFields({
      rule: isText,
      durationSeconds: isNumber,
      startsAt: orNull(isInstant),
      digest: isText,
    }),
  ),
  filed: optional(withFields({ terms: isText, groups: isTexts })),
  policyHash: isText,
  approvals: listOf(
    withFields({
      person: isText,
      onBehalfOf: optional(withFields({ person: isText, delegation: isText })),
      digest: optional(isText),
      surface: optional(isText),
      at: isText,
      note: optional(isText),
      onCall: optional(isFact),
      ticket: optional(isTicketFact),
      proof: isObject,
    }),
  ),
  approvedAt: orNull(isInstant),
  listed: optional((value) => value === true),
  effectiveAt: orNull(isInstant),
  revokeAt: orNull(isInstant),
  expiresAt: orNull(isInstant),
  endedAt: orNull(isInstant),
  endProof: optional(
    withFields({
      hadBegun: isBoolean,
      readAt: orNull(isInstant),
      stayed: isElements,
      stayedBy: isTexts,
    }),
  ),
  outcome: orNull(withFields({ code: isText, detail: isText })),
  lastHash: isText,
};

/**
 * DynamoDB takes items of 400 KB, and each step adds to a record. A request that the API takes is smaller than a tenth of
 * this.
 */
const MOST_BYTES = 200_000;
const isSmall: Test = (value) =>
  new TextEncoder().encode(JSON.stringify(value)).length <= MOST_BYTES;

const hasFields = withFields(GRANT);
const isGrant: Test = (value) => hasFields(value) && isSmall(value);

/** @returns undefined unless every field has its form, and the access of such a grant may exist */
export const grantIn = (record: unknown): AccessRequest | undefined =>
  isGrant(record) ? (record as AccessRequest) : undefined;

const isInAnyState = withFields({ ...GRANT, state: (value) => STATES.includes(value as State) });

/** @returns undefined unless every field has its form, in whatever state the request is */
export const requestFrom = (record: unknown): AccessRequest | undefined =>
  isInAnyState(record) ? (record as AccessRequest) : undefined;
