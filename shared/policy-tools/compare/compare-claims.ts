/**
 * The claims under `never:` in two versions of `access.test.yaml`. A change of the policy may take away the claim that it
 * breaks, so whoever reads the change sees that first.
 */

import { canonicalJson } from "../../domain/values/canonical-json.ts";
import type { PolicyTests } from "../../policy-file/policy-tests/parse-policy-tests.ts";

/** A part of a claim that is not as it was. JSON; null where it is absent. */
export interface ClaimChange {
  readonly name: string;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ClaimComparison {
  /** Names of claims that are not there any more, under no name. */
  readonly gone: readonly string[];
  /** Exceptions that a claim did not have before, as JSON. */
  readonly excepted: readonly { readonly name: string; readonly exception: string }[];
  /** Other parts of claims that changed, be the claim stronger or weaker by it. */
  readonly changed: readonly ClaimChange[];
  /** Rights that a Kubernetes group is now assumed to have at most, as an access policy. */
  readonly assumed: readonly { readonly group: string; readonly policy: string }[];
}

type Claims = Pick<PolicyTests, "claims" | "groups">;

/** A file without claims. */
export const NO_CLAIMS: Claims = { claims: [], groups: {} };

/** Pure. Claims that are new are no part of it. */
export function compareClaims(before: Claims, after: Claims): ClaimComparison {
  const later = new Map(after.claims.map(({ claim }) => [claim.name, partsOf(claim)]));
  const contents = new Set([...later.values()].map((parts) => canonicalJson(parts)));
  const gone: string[] = [];
  const excepted: { name: string; exception: string }[] = [];
  const changed: ClaimChange[] = [];
  for (const { claim } of before.claims) {
    const { name } = claim;
    const [was, is] = [partsOf(claim), later.get(name)];
    if (!is) {
      if (!contents.has(canonicalJson(was))) gone.push(name);
      continue;
    }
    const known = exceptionsOf(was);
    for (const exception of exceptionsOf(is))
      if (!known.includes(exception)) excepted.push({ name, exception });
    changed.push(...changesOf(name, was, is));
  }
  const assumed = Object.entries(after.groups).flatMap(([group, policy]) =>
    before.groups[group] === policy ? [] : [{ group, policy }],
  );
  return { gone, excepted, changed, assumed };
}

type Parts = Readonly<Record<string, unknown>>;

const partsOf = ({ name: _, ...parts }: { readonly name: string }): Parts => parts;

const exceptionsOf = ({ except = [] }: Parts): readonly string[] =>
  (except as readonly object[]).map((one) => canonicalJson(one));

function changesOf(name: string, was: Parts, is: Parts): readonly ClaimChange[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const text = (value: unknown) => (value === undefined ? null : canonicalJson(value));
  return keys.flatMap((key) => {
    const [before, after] = [text(was[key]), text(is[key])];
    return key === "except" || before === after ? [] : [{ name, key, before, after }];
  });
}
