/** Questions about access itself: authorization.k8s.io/v1 and authentication.k8s.io/v1. */
import * as z from "zod/mini";
import { type Authority, authorize } from "./authorizer.ts";
import type { Attributes } from "./policy-rule.ts";
import { rbacRules } from "./rbac.ts";
import { StatusError } from "./status.ts";
import { type UserInfo, userInfoJson } from "./user-info.ts";

const text = z._default(z.optional(z.string()), "");
const head = {
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.optional(z.looseObject({})),
  // A client's status is dropped, as the API server drops it.
  status: z.optional(z.unknown()),
};
const spec = {
  resourceAttributes: z.optional(
    z.strictObject({
      namespace: text,
      verb: text,
      group: text,
      version: text,
      resource: text,
      subresource: text,
      name: text,
    }),
  ),
  nonResourceAttributes: z.optional(z.strictObject({ path: text, verb: text })),
};
const selfSubjectAccessReview = z.strictObject({ ...head, spec: z.strictObject(spec) });
const subjectAccessReview = z.strictObject({
  ...head,
  spec: z.strictObject({
    ...spec,
    user: text,
    groups: z._default(z.optional(z.array(z.string())), []),
    uid: text,
    extra: z._default(z.optional(z.record(z.string(), z.array(z.string()))), {}),
  }),
});
const selfSubjectRulesReview = z.strictObject({
  ...head,
  spec: z.strictObject({ namespace: text }),
});

function parsed<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") || "the body";
  const unknown =
    issue !== undefined && "keys" in issue ? ` (unknown: ${issue.keys.join(", ")})` : "";
  throw new StatusError(400, `the review was not answered: ${where} does not fit${unknown}`);
}

/** The attributes that a review's spec asks about. Throws 400 unless it has exactly one kind. */
function asked({
  resourceAttributes,
  nonResourceAttributes,
}: z.output<typeof selfSubjectAccessReview>["spec"]): Attributes {
  if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
    throw new StatusError(
      400,
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
  }
  const {
    namespace = "",
    group = "",
    version = "",
    resource = "",
    subresource = "",
    name = "",
  } = resourceAttributes ?? {};
  return {
    verb: resourceAttributes?.verb ?? nonResourceAttributes?.verb ?? "",
    resourceRequest: resourceAttributes !== undefined,
    apiGroup: group,
    apiVersion: version,
    namespace,
    resource,
    subresource,
    name,
    path: nonResourceAttributes?.path ?? "",
  };
}

type Review = (authority: Authority, user: UserInfo, body: unknown) => Record<string, unknown>;

const accessStatus = (authority: Authority, user: UserInfo, request: Attributes) => {
  const { allowed, reason } = authorize(authority, user, request);
  return { allowed, ...(reason === "" ? {} : { reason }) };
};

const selfAccess: Review = (authority, user, body) => {
  const review = parsed(selfSubjectAccessReview, body);
  return { ...review, status: accessStatus(authority, user, asked(review.spec)) };
};

const subjectAccess: Review = (authority, _user, body) => {
  const review = parsed(subjectAccessReview, body);
  const { user: username, uid, groups, extra } = review.spec;
  if (username === "" && groups.length === 0) {
    throw new StatusError(400, "at least one of user or group must be specified");
  }
  const status = accessStatus(authority, { username, uid, groups, extra }, asked(review.spec));
  return { ...review, status };
};

/**
 * Only RBAC's rules. A webhook authorizer, such as EKS's, cannot list what it would allow, and the
 * API server says so (k8s.io/apiserver `plugin/pkg/authorizer/webhook`).
 */
const selfRules: Review = (authority, user, body) => {
  const review = parsed(selfSubjectRulesReview, body);
  if (review.spec.namespace === "") throw new StatusError(400, "no namespace on request");
  const rules = rbacRules(authority.objects, user, review.spec.namespace);
  const paths = rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0);
  return {
    ...review,
    status: {
      resourceRules: rules
        .filter((rule) => (rule.resources ?? []).length > 0)
        .map(({ verbs, apiGroups, resources, resourceNames = [] }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames.length === 0 ? {} : { resourceNames }),
        })),
      nonResourceRules: paths.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: true,
      evaluationError: "webhook authorizer does not support user rule resolution",
    },
  };
};

const selfSubject: Review = (_authority, user) => ({
  kind: "SelfSubjectReview",
  apiVersion: "authentication.k8s.io/v1",
  metadata: { creationTimestamp: null },
  status: { userInfo: userInfoJson(user) },
});

/** By plural. */
const REVIEWS: Readonly<Record<string, Review>> = {
  selfsubjectaccessreviews: selfAccess,
  subjectaccessreviews: subjectAccess,
  selfsubjectrulesreviews: selfRules,
  selfsubjectreviews: selfSubject,
};

/** Answers a review, or undefined for another resource. Throws 400. */
export function answerReview(
  resource: string,
  authority: Authority,
  user: UserInfo,
  body: unknown,
): Record<string, unknown> | undefined {
  return REVIEWS[resource]?.(authority, user, body);
}
