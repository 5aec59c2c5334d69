/** A change that opens a hole is no silent one: `policy diff` says what it gives to whom. */
import { expect, it } from "vitest";
import { checkPolicy } from "../../../../shared/policy-tools/check-policy.ts";
import { comparePolicies } from "../../../../shared/policy-tools/compare/compare-policies.ts";
import { smallPolicy } from "./hole-policy.ts";
import { HOLES } from "./holes.ts";

/** Nobody gets anything by an address. Two people with one are a warning of `policy check`. */
const BY_ADDRESS = ["two names with one e-mail address", "one name among those who take no part"];
const isByAddress = (name: string) => BY_ADDRESS.some((start) => name.startsWith(start));

it("There are sixty kinds of holes at least", () => {
  expect(new Set(HOLES.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
});

it.each(HOLES.filter(({ name }) => isByAddress(name)))(
  "policy check warns where $name",
  ({ hole, twin }) => {
    const shared = [hole, twin].flatMap((each) =>
      checkPolicy(smallPolicy(each)).filter(({ code }) => code === "email-shared"),
    );
    expect(shared).toHaveLength(1);
  },
);

it.each(HOLES.filter(({ name }) => !isByAddress(name)))(
  "The policy without the hole differs from the one where $name",
  ({ hole, twin }) => {
    const { lending, terms, standing } = comparePolicies(smallPolicy(twin), smallPolicy(hole));
    const sides = [lending, standing].flatMap(({ gained, lost }) => [...gained, ...lost]);
    expect([...sides, ...terms].length).toBeGreaterThan(0);
  },
);
