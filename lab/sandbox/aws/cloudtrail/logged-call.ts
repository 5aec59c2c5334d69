/** The calls that CloudTrail records here, and the form of their parameters and answers. */
import type { CallRecord } from "../dispatch.ts";
import { EKS_ROUTES } from "../eks/routes.ts";
import type { Members, TrailResource } from "./trail-record.ts";

/** A record's service-specific fields. */
export interface LoggedCall {
  readonly readOnly: boolean;
  readonly requestParameters: Members | null;
  readonly responseElements: Members | null;
  readonly resources?: readonly TrailResource[];
  readonly additionalEventData?: Members;
  /** The error's text, where a record has another one than the answer. */
  readonly errorMessage?: string;
}

/** The service's part of a record; undefined for a call that is not recorded here. */
export function loggedCall(call: CallRecord): LoggedCall | undefined {
  if (call.service === "eks") return eksCall(call);
  if (call.service === "sts" && call.operation === "AssumeRole") return assumeRole(call);
  if (call.service === "sts" && call.operation === "AssumeRoleWithWebIdentity")
    return assumeRoleWithWebIdentity(call);
  if (call.service === "iam" && !READS.test(call.operation)) return iamChange(call);
  return undefined;
}

const READS = /^(Describe|List|Get)/;

function eksCall({ operation, input, output, errorCode }: CallRecord): LoggedCall {
  const readOnly = READS.test(operation);
  return {
    readOnly,
    requestParameters: filled(eksParameters(operation, input)),
    responseElements: readOnly || errorCode !== undefined ? null : filled(output),
  };
}

/**
 * A parameter in the path stands in a record as it stood there, percent-encoded; one in the body
 * stands plain. The cluster's is called `name`. Observed: DataDog/stratus-red-team,
 * eks.lateral-movement.create-access-entry.
 */
function eksParameters(operation: string, input: Members): Members {
  const path = EKS_ROUTES.find((route) => route.operation === operation)?.path ?? "";
  const labels = [...path.matchAll(/\{(\w+)\}/g)].map(([, label = ""]) => label);
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) =>
      labels.includes(name)
        ? [name === "clusterName" ? "name" : name, encodeURIComponent(String(value))]
        : [name, value],
    ),
  );
}

/** AssumeRole only reads, as CloudTrail has it; its answer is recorded all the same, without the secret. */
function assumeRole(call: CallRecord): LoggedCall {
  const { input, output, errorCode } = call;
  const parameters = Object.entries(input).map(([name, value]) => [
    lowerFirst(name),
    name === "DurationSeconds" ? Number(value) : value,
  ]);
  return {
    readOnly: true,
    requestParameters: filled(Object.fromEntries(parameters)),
    responseElements: errorCode === undefined ? sessionElements(output as AssumedRole) : null,
    ...(errorCode === undefined ? { resources: [roleOf(call)] } : {}),
  };
}

const roleOf = ({ input, caller }: CallRecord): TrailResource => ({
  accountId: caller.accountId,
  type: "AWS::IAM::Role",
  ARN: String(input["RoleArn"]),
});

/**
 * A refusal names the role too, and CloudTrail has a text of its own for one by the trust policy. Observed:
 * such a record in the documentation of an Argo plugin for SageMaker.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
function assumeRoleWithWebIdentity(call: CallRecord): LoggedCall {
  const { output, errorCode, caller } = call;
  const { responseElements, ...logged } = assumeRole(call);
  const { webIdentity } = caller;
  return {
    ...logged,
    responseElements:
      webIdentity && output
        ? {
            ...responseElements,
            subjectFromWebIdentityToken: webIdentity.subject,
            provider: caller.arn,
            audience: webIdentity.audience,
          }
        : null,
    resources: [roleOf(call)],
    ...(errorCode === undefined
      ? { additionalEventData: { identityProviderConnectionVerificationMethod: "IAMTrustStore" } }
      : {}),
    ...(errorCode === "AccessDenied" ? { errorMessage: "An unknown error occurred" } : {}),
  };
}

/** A document stands in a record as the text that it came as. */
const iamChange = ({ input, output, errorCode }: CallRecord): LoggedCall => ({
  readOnly: false,
  requestParameters: filled(lowered(input)),
  responseElements: errorCode === undefined ? filled(lowered(output ?? {})) : null,
});

const lowered = (members: unknown): Members =>
  Object.fromEntries(
    Object.entries(members as Members).map(([name, value]) => [
      lowerFirst(name),
      name === "CreateDate" ? longDate(new Date(String(value))) : loweredWithin(value),
    ]),
  );

const loweredWithin = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? lowered(value) : value;

interface AssumedRole {
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string };
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly SessionToken: string;
    readonly Expiration: string;
  };
  readonly SourceIdentity?: string;
}

function sessionElements({ AssumedRoleUser, Credentials, SourceIdentity }: AssumedRole): Members {
  return {
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      sessionToken: Credentials.SessionToken,
      expiration: longDate(new Date(Credentials.Expiration)),
    },
    assumedRoleUser: { assumedRoleId: AssumedRoleUser.AssumedRoleId, arn: AssumedRoleUser.Arn },
    ...(SourceIdentity === undefined ? {} : { sourceIdentity: SourceIdentity }),
  };
}

/** `Nov 24, 2026, 11:00:00 AM`, as STS's records have it. */
const longDate = (at: Date): string =>
  new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" })
    .format(at)
    .replaceAll("\u202f", " ");

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** A copy, since answers may be parts of a service's state; null where there is nothing. */
function filled(value: unknown): Members | null {
  if (value === undefined || value === null) return null;
  const copy = JSON.parse(JSON.stringify(value)) as Members;
  return Object.keys(copy).length === 0 ? null : copy;
}
