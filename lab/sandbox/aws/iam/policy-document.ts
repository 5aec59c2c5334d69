import { validateIdentityPolicy, validateTrustPolicy } from "@cloud-copilot/iam-policy";
import { AwsError } from "../service.ts";
import { refusedText } from "./iam-text.ts";
import type { IamState, PolicyDocument } from "./state.ts";

/**
 * A role's inline policy, from its JSON text.
 * @throws AwsError `MalformedPolicyDocument` 400
 */
export function parseIdentityPolicy(text: unknown): PolicyDocument {
  return checked(text, "policyDocument", validateIdentityPolicy);
}

/**
 * A trust policy, from its JSON text. IAM keeps the roles that it names by their unique ids, and so
 * refuses one that does not exist.
 * @throws AwsError `MalformedPolicyDocument` 400
 */
export function parseTrustPolicy(state: IamState, text: unknown): PolicyDocument {
  const document = checked(text, "assumeRolePolicyDocument", validateTrustPolicy);
  const unknown = namedRoles(document).find(
    (arn) => arn.split(":")[4] === state.accountId && !Object.hasOwn(state.roles, arn),
  );
  if (unknown !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${unknown}"`);
  return document;
}

/** As IAM answers it: RFC 3986 percent-encoded JSON. */
export function encodeDocument(document: PolicyDocument): string {
  return encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function checked(
  text: unknown,
  parameter: "policyDocument" | "assumeRolePolicyDocument",
  validate: (document: unknown) => readonly { readonly path: string; readonly message: string }[],
): PolicyDocument {
  const refused = refusedText(parameter, String(text));
  if (refused !== undefined) throw new AwsError("ValidationError", 400, refused);
  let document: unknown;
  try {
    document = JSON.parse(typeof text === "string" ? text : "");
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw malformed("Syntax errors in policy.");
  const [first] = validate(document);
  if (first) throw malformed(`Syntax errors in policy. (${first.path}: ${first.message})`);
  return { ...document };
}

/** ARNs of the roles that a trust policy names as principals. */
export function namedRoles(document: PolicyDocument): readonly string[] {
  return [document["Statement"]].flat().flatMap((statement: unknown) => {
    if (typeof statement !== "object" || statement === null || !("Principal" in statement))
      return [];
    const principal = statement.Principal;
    if (typeof principal !== "object" || principal === null || !("AWS" in principal)) return [];
    return [principal.AWS]
      .flat()
      .filter((arn): arn is string => typeof arn === "string" && /:iam::\d{12}:role\//.test(arn));
  });
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocument", 400, message);
}
