/** Finds what no single key of `access.yaml` shows: undefined names, and duplicate claims. */
import type * as z from "zod/mini";
import type { AccessPolicyFile } from "./access-policy-file.ts";
import type { Fault } from "./located-yaml.ts";
import { ruleFaults } from "./rule-faults.ts";

type File = z.output<typeof AccessPolicyFile>;

/** All faults, in the order of the file. Pure. */
export function crossCheck(file: File): readonly Fault[] {
  return [...claimedTwice(file), ...file.rules.flatMap((rule, at) => ruleFaults(rule, file, at))];
}

function claimedTwice(file: File): readonly Fault[] {
  const claims = Object.entries(file.people).flatMap(([name, person]) =>
    (["iam", "slack"] as const).flatMap((kind) =>
      (person.identities[kind] ?? []).map((identity, at) => ({
        name,
        identity,
        path: ["people", name, "identities", kind, at],
      })),
    ),
  );
  const owner = new Map<string, string>();
  return claims.flatMap(({ name, identity, path }) => {
    const first = owner.get(identity);
    owner.set(identity, first ?? name);
    return first === undefined
      ? []
      : [
          {
            path,
            detail: `${first} already claims this identity. An identity can belong to one person only.`,
          },
        ];
  });
}
