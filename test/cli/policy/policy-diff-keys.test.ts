/** The output of `timelatch policy diff` for each key of `access.yaml`. */
import { describe, expect, it } from "vitest";
import { comparisonText } from "../../../cli/policy/comparison-text.ts";
import type { Stream } from "../../../cli/terminal/screen.ts";
import { KEY_NOTES } from "../../../shared/policy-file/access-policy-file.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { comparePolicies } from "../../../shared/policy-tools/compare/compare-policies.ts";
import { EVERY_SIGN_IN, SIGN_IN_SAID } from "./identity-key-changes.ts";
import { NEVER_CHANGES, SAID, WITHOUT_EFFECT } from "./key-changes.ts";
import { MACHINES_SAID, MEDIA_SAID } from "./machine-key-changes.ts";
import { EVERY_ON_CALL, ON_CALL_SAID } from "./on-call-key-changes.ts";
import { EVERY_KEY, type Json } from "./policy-of-every-key.ts";
import { EVERY_TICKET, TICKETS_SAID } from "./ticket-key-changes.ts";

/** A copy in which one value is another, or is gone where it is undefined. */
function changed(node: Json, [here, ...rest]: readonly string[], put: Json | undefined): Json {
  if (here === undefined || typeof node !== "object" || node === null) return put ?? null;
  const entries = Object.entries(node);
  const others = entries.some(([key]) => key === here) ? entries : [...entries, [here, null]];
  const next = (others as [string, Json][]).flatMap(([key, inner]): [string, Json][] => {
    if (key !== here) return [[key, inner]];
    if (rest.length === 0 && put === undefined) return [];
    return [[key, changed(inner, rest, put)]];
  });
  return Array.isArray(node) ? next.map(([, inner]) => inner) : Object.fromEntries(next);
}

const WIDE: Stream = {
  columns: 10_000,
  rows: Number.POSITIVE_INFINITY,
  terminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
};

function saidOf(path: string, put: Json | undefined, base: Json = EVERY_KEY): string {
  const [before, after] = [base, changed(base, path.split("."), put)].map((tree) =>
    parseAccessPolicy(JSON.stringify(tree)),
  );
  if (!before || !after) throw new Error("Two policies were expected.");
  return comparisonText(comparePolicies(before, after), WIDE);
}

describe("timelatch policy diff", () => {
  it.each(SAID)("timelatch policy diff says what a change of %s does", (_key, path, put, said) => {
    expect(saidOf(path, put)).toContain(said);
  });

  it.each([...MACHINES_SAID, ...MEDIA_SAID])(
    "timelatch policy diff says what a change of %s does",
    (_key, path, put, said) => {
      expect(saidOf(path, put)).toContain(said);
    },
  );

  it.each(SIGN_IN_SAID)(
    "timelatch policy diff says what a change of %s does",
    (_key, path, put, said) => {
      expect(saidOf(path, put, EVERY_SIGN_IN)).toContain(said);
    },
  );

  it.each(ON_CALL_SAID)(
    "timelatch policy diff says what a change of %s does",
    (_key, path, put, said) => {
      expect(saidOf(path, put, EVERY_ON_CALL)).toContain(said);
    },
  );

  it.each(TICKETS_SAID)(
    "timelatch policy diff says what a change of %s does",
    (_key, path, put, said) => {
      expect(saidOf(path, put, EVERY_TICKET)).toContain(said);
    },
  );

  it.each(WITHOUT_EFFECT)("timelatch policy diff has nothing to say of %s", (_key, path, put) => {
    expect(saidOf(path, put)).toMatch(
      /^(?:Nothing changes|The policies differ, but not in what anybody may borrow)/,
    );
  });

  it("Every key of access.yaml is one of which timelatch policy diff says something, or is named as without effect", () => {
    const known = [
      ...SAID,
      ...MACHINES_SAID,
      ...MEDIA_SAID,
      ...SIGN_IN_SAID,
      ...ON_CALL_SAID,
      ...TICKETS_SAID,
      ...WITHOUT_EFFECT,
    ].map(([key]) => key);
    expect([...known, ...NEVER_CHANGES].toSorted()).toEqual(Object.keys(KEY_NOTES).toSorted());
  });
});
