/** Finds what no single key of `access.yaml` shows: undefined names, and duplicate claims. */
import type * as z from "zod/mini";
import { parseSessionArn } from "../../domain/values/arn.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { Fault } from "../yaml/located-yaml.ts";
import { foreignAudience } from "./compared-names.ts";
import { machineFaults } from "./machine-faults.ts";
import { noticeFaults } from "./notice-faults.ts";
import { onCallFaults } from "./on-call-faults.ts";
import { partitionFaults } from "./partition-faults.ts";
import { peopleFaults } from "./people-faults.ts";
import { ruleFaults } from "./rule-faults.ts";
import { ticketFaults } from "./ticket-faults.ts";

type File = z.output<typeof AccessPolicyFile>;

/** All faults, in the order of the file. Pure. */
export function crossCheck(file: File): readonly Fault[] {
  return [
    ...partitionFaults(file),
    ...foreignAudience(file),
    ...claimedTwice(file),
    ...peopleFaults(file),
    ...machineFaults(file),
    ...noticeFaults(file),
    ...onCallFaults(file),
    ...ticketFaults(file),
    ...file.rules.flatMap((rule, at) => ruleFaults(rule, file, at)),
  ];
}

/** One identity as somebody claims it, and what makes it the same as another. */
interface Claim {
  readonly name: string;
  readonly identity: string;
  readonly path: Fault["path"];
  /** A person may have several sessions of one user. */
  readonly isSession?: true;
}

function claimedTwice(file: File): readonly Fault[] {
  const owner = new Map<string, string>();
  return Object.entries(file.people)
    .flatMap(([name, { identities }]) => claimsOf(name, identities))
    .flatMap(({ name, identity, path, isSession }) => {
      const first = owner.get(identity);
      owner.set(identity, first ?? name);
      return first === undefined || (isSession && first === name)
        ? []
        : [
            {
              path,
              detail: `${first} already claims this identity. An identity can belong to one person only.`,
            },
          ];
    });
}

/** Identity Center's ids and names are the same in any case. */
const SINGLE = ["saml", "oidc", "sourceIdentity"] as const;
const OF_IDENTITY_CENTER = ["userId", "userName"] as const;

function claimsOf(
  name: string,
  identities: File["people"][string]["identities"],
): readonly Claim[] {
  const at = ["people", name, "identities"];
  const { identityCenter } = identities;
  return [
    ...(["iam", "slack"] as const).flatMap((kind) =>
      (identities[kind] ?? []).map((identity, n) => ({ name, identity, path: [...at, kind, n] })),
    ),
    ...OF_IDENTITY_CENTER.flatMap((kind) => {
      const value = identityCenter?.[kind];
      return value === undefined
        ? []
        : [
            {
              name,
              identity: `${kind} ${value.toLowerCase()}`,
              path: [...at, "identityCenter", kind],
            },
          ];
    }),
    ...(identities.iam ?? []).flatMap((arn, n) => {
      const user = parseSessionArn(arn)?.sessionName.toLowerCase();
      return user === undefined || !arn.includes(":assumed-role/AWSReservedSSO_")
        ? []
        : [
            {
              name,
              identity: `userName ${user}`,
              isSession: true as const,
              path: [...at, "iam", n],
            },
          ];
    }),
    ...SINGLE.flatMap((kind) => {
      const value = identities[kind];
      return value === undefined
        ? []
        : [{ name, identity: `${kind} ${value}`, path: [...at, kind] }];
    }),
  ];
}
