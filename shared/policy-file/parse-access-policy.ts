/**
 * Reads `access.yaml` strictly. An unknown key, an undefined name or an invalid value is an error
 * with line and column. Nothing is then deployed.
 */
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type * as z from "zod/mini";
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import { hashOf } from "../domain/values/canonical-json.ts";
import { AccessPolicyFile } from "./access-policy-file.ts";
import { crossCheck } from "./cross-check.ts";

/** One fault. Lines and columns count from 1. */
export interface PolicyFault {
  readonly line: number;
  readonly column: number;
  /** The place as keys: `rules.0.duration.max`. */
  readonly path: string;
  readonly detail: string;
}

/** Thrown by `parseAccessPolicy`. Its message has one line per fault: `12:5 rules.0.who: …` */
export class AccessPolicyError extends Error {
  override readonly name = "AccessPolicyError";
  readonly faults: readonly PolicyFault[];
  constructor(faults: readonly PolicyFault[]) {
    super(faults.map((f) => `${f.line}:${f.column} ${f.path}: ${f.detail}`).join("\n"));
    this.faults = faults;
  }
}

type Path = readonly PropertyKey[];

/** @throws AccessPolicyError with all faults that were found */
export function parseAccessPolicy(text: string): AccessPolicy {
  const lines = new LineCounter();
  // No aliases, so a small file cannot expand into a huge one. No merge keys or custom tags.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
    schema: "core",
  });
  const fault = (offset: number, path: Path, detail: string): PolicyFault => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, path: path.join(".") || "(file)", detail };
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    throw new AccessPolicyError(broken.map((e) => fault(e.pos[0], [], e.message)));
  /** The offset of the value at a path, or of its closest parent that exists. */
  const offsetOf = (path: Path): number => {
    const node = path.length > 0 ? document.getIn(path, true) : document.contents;
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    return range?.[0] ?? (path.length > 0 ? offsetOf(path.slice(0, -1)) : 0);
  };
  const offsetOfKey = (path: Path): number => {
    const around = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const pair = isMap(around)
      ? around.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
      : undefined;
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(path);
  };
  const at = (path: Path, detail: string) => fault(offsetOf(path), path, detail);
  const atKey = (path: Path, detail: string) => fault(offsetOfKey(path), path, detail);
  const json = withoutAliases(() => document.toJS({ maxAliasCount: 0 }), at);
  const parsed = AccessPolicyFile.safeParse(json);
  if (!parsed.success)
    throw new AccessPolicyError(
      parsed.error.issues.flatMap((issue) =>
        faultsOf(issue).map((f) => (f.key ? atKey : at)(f.path, f.detail)),
      ),
    );
  const faults = crossCheck(parsed.data);
  if (faults.length > 0) throw new AccessPolicyError(faults.map((f) => at(f.path, f.detail)));
  return compile(parsed.data);
}

function withoutAliases(read: () => unknown, at: (path: Path, detail: string) => PolicyFault) {
  try {
    return read();
  } catch {
    throw new AccessPolicyError([
      at([], "YAML aliases (*name) are not allowed. Write the value out."),
    ]);
  }
}

/** Zod's issues as faults. An unknown key is reported at the key. */
function faultsOf(issue: z.core.$ZodIssue): { path: Path; detail: string; key?: true }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      detail: "Unknown key.",
      key: true,
    }));
  if (issue.code === "invalid_union") {
    const inner = issue.errors.find((errors) => errors.length > 0)?.[0];
    if (inner && issue.errors.length === 1)
      return faultsOf({ ...inner, path: [...issue.path, ...inner.path] });
  }
  return [{ path: issue.path, detail: issue.message }];
}

function compile(file: z.output<typeof AccessPolicyFile>): AccessPolicy {
  const compiled = {
    version: file.version,
    clusters: mapValues(file.clusters, ({ arn, retired }) => ({ arn, retired: retired ?? false })),
    people: mapValues(file.people, (person) => ({
      email: person.email,
      groups: person.groups ?? [],
      identities: { iam: person.identities.iam ?? [], slack: person.identities.slack ?? [] },
      principals: person.principals ?? [],
    })),
    roles: { admins: file.roles?.admins ?? [], auditors: file.roles?.auditors ?? [] },
    ...(file.slack ? { slack: file.slack } : {}),
    ...(file.expected ? { expected: file.expected } : {}),
    rules: file.rules.map(compileRule),
  } as const;
  return { ...compiled, hash: hashOf(compiled) };
}

function compileRule(rule: z.output<typeof AccessPolicyFile>["rules"][number]): Rule {
  const { access } = rule;
  return {
    name: rule.name,
    who: { people: rule.who.people ?? [], groups: rule.who.groups ?? [] },
    clusters: rule.clusters,
    access:
      "groups" in access
        ? { groups: access.groups }
        : "scope" in access
          ? { policies: access.policies, scope: access.scope }
          : {
              policies: access.policies,
              namespaces: access.namespaces,
              wildcards: access.wildcards ?? false,
            },
    duration: {
      maxSeconds: rule.duration.max,
      defaultSeconds: rule.duration.default ?? null,
    },
    approval:
      rule.approval === "none"
        ? []
        : rule.approval.map(({ groups, count }) => ({ groups, count: count ?? 1 })),
    reason: { minLength: rule.reason?.minLength ?? 0, ticket: rule.reason?.ticket ?? null },
    breakGlass: rule.breakGlass ?? false,
    sharedPrincipals: rule.sharedPrincipals ?? false,
    approverMayHoldPrincipal: rule.approverMayHoldPrincipal ?? false,
    foreignPrincipals: rule.foreignPrincipals ?? false,
    decideIn: rule.decideIn ?? ["api", "slack"],
    notify: {
      ...(rule.notify?.channel === undefined ? {} : { channel: rule.notify.channel }),
      direct: rule.notify?.direct ?? false,
    },
  };
}

const mapValues = <In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
