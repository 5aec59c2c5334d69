import { AwsError } from "../service.ts";

/**
 * EKS's errors in its own words.
 *
 * The names and statuses are those of the EKS API reference. The texts were seen from the live
 * service, except where a comment says "not published". There the text is ours, and nothing should
 * depend on it.
 */

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", 400, message);
}

function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequestException", 400, message);
}

/** Only TagResource, UntagResource and ListTagsForResource use this in place of the above. */
export function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", 400, message);
}

/** A body whose JSON has another type than the model's; AWS's text is not published. */
export function wrongType(member: string, expected: string): AwsError {
  return new AwsError("SerializationException", 400, `${member} must be ${expected}`);
}

/**
 * Not AWS's: the sandbox says by name what it does not play. 501, because the SDKs repeat the
 * other 5xx.
 */
export function notEmulated(what: string): AwsError {
  return new AwsError(
    "NotEmulatedException",
    501,
    `The sandbox does not emulate ${what} of Amazon EKS. Nothing was changed; leave it out.`,
  );
}

export function clusterNotFound(name: string): AwsError {
  return new AwsError("ResourceNotFoundException", 404, `No cluster found for name: ${name}.`, {
    clusterName: name,
  });
}

export function clusterExists(name: string): AwsError {
  return new AwsError("ResourceInUseException", 409, `Cluster already exists with name: ${name}`, {
    clusterName: name,
  });
}

/** A cluster that is being made or taken down; AWS's text is not published. */
export function clusterBusy(name: string, status: string): AwsError {
  return new AwsError("ResourceInUseException", 409, `Cluster ${name} has status ${status}`, {
    clusterName: name,
  });
}

export function updateInProgress(name: string, updateId: string): AwsError {
  return new AwsError(
    "ResourceInUseException",
    409,
    `Cannot AccessConfigUpdate because cluster ${name} currently has update ${updateId} in progress`,
    { clusterName: name },
  );
}

/** AWS's text is not published. */
export function updateNotFound(updateId: string): AwsError {
  return new AwsError("ResourceNotFoundException", 404, `No update found for ID: ${updateId}`);
}

export function modeHasNoEntries(): AwsError {
  return invalidRequest(
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  );
}

export function invalidPrincipal(): AwsError {
  return invalidParameter("The specified principalArn is invalid: invalid principal.");
}

export function entryNotFound(): AwsError {
  return new AwsError(
    "ResourceNotFoundException",
    404,
    "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
  );
}

export function entryExists(): AwsError {
  return new AwsError(
    "ResourceInUseException",
    409,
    "The specified access entry resource is already in use on this cluster.",
  );
}

/** AWS's text is not published. */
export function tooManyEntries(limit: number): AwsError {
  return new AwsError(
    "ResourceLimitExceededException",
    400,
    `A cluster can have at most ${limit} access entries.`,
  );
}

/** AWS does not publish EKS's answer to a token that comes back with another body: inferred. */
export function tokenReused(): AwsError {
  return invalidParameter(
    "The clientRequestToken was already used with different parameters. Use a new token for a new request.",
  );
}

export function policyNotFound(): AwsError {
  return new AwsError(
    "ResourceNotFoundException",
    404,
    "The specified policyArn could not be found. You can view your available access policies with 'list-access-policies'",
  );
}

/** AWS's text is not published. */
export function policyNotAssociated(): AwsError {
  return new AwsError(
    "ResourceNotFoundException",
    404,
    "The specified policyArn is not associated with the access entry. You can view its access policies with 'list-associated-access-policies'",
  );
}

/** AWS's text is not published. */
export function taggedResourceNotFound(arn: string): AwsError {
  return new AwsError("NotFoundException", 404, `Resource not found: ${arn}`);
}
