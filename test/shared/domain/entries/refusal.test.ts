import { expect, it } from "vitest";
import { mayPass } from "../../../../shared/domain/entries/refusal.ts";

it.each([
  "AccessDenied",
  "AccessDeniedException",
  "InvalidPrincipal",
  "InvalidRequestException",
  "ResourceInUseException",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
])("A grant that AWS refuses with %s waits, because the refusal may pass", (code) => {
  expect(mayPass(code)).toBe(true);
});

it.each([
  "ClusterNotFound",
  "AuthenticationModeConfigMap",
  "InvalidParameterException",
  "ResourceLimitExceededException",
  "PrincipalUnreadable",
  "",
])("A grant that AWS refuses with %j fails at once", (code) => {
  expect(mayPass(code)).toBe(false);
});
