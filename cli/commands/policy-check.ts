import { visible } from "../../shared/domain/values/visible-text.ts";
import type { LocatedPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { includedBeside } from "../../shared/policy-file/yaml/included-file.ts";
import {
  checkAccessFile,
  inFileOrder,
  locatedFinding,
} from "../../shared/policy-tools/check-file.ts";
import { type LocatedPolicyFinding, WARNINGS } from "../../shared/policy-tools/finding.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { countText, type FindingsOptions, showFindings } from "../policy/findings.ts";
import { keepingPolicies } from "../policy/kept-policy.ts";
import { lastAssembly } from "../policy/last-assembly.ts";
import { policyText } from "../policy/policy-text.ts";

export interface PolicyCheckOptions extends FindingsOptions {
  /** Codes of warnings that are left out. */
  readonly ignore?: readonly string[];
  /** The services outside are asked too. */
  readonly live?: true;
}

/**
 * `timelatch policy check`: what is wrong with a policy file, also beside the record of the last assembly. Findings
 * go to standard output.
 *
 * @param read replaces `fetch`, with which services outside are asked where `live` is there
 * @throws Failure `usage` for an unknown code; `faulty` for errors, for a record that cannot be read, and for warnings
 *   where `strict` asks for it
 */
export async function policyCheck(
  context: Context,
  file: string,
  options: PolicyCheckOptions,
  read: typeof fetch = fetch,
): Promise<void> {
  const { ignore = [], strict } = options;
  const unknown = ignore.find((code) => !WARNINGS.some((known) => known === code));
  if (unknown !== undefined) throw noWarning(unknown);
  const recorded = file === "-" ? undefined : await lastAssembly(file);
  const locate = keepingPolicies(context.env);
  const text = await policyText(file);
  const ofFile = checkAccessFile(text, includedBeside(file), recorded, locate);
  // A file with faults names nothing that anybody could ask about.
  const isAsked = options.live && ofFile.every(({ code }) => code !== "invalid-file");
  const all = isAsked
    ? inFileOrder([...ofFile, ...(await live(context, locate(text, includedBeside(file)), read))])
    : ofFile;
  const findings = all.filter(({ code }) => !ignore.includes(code));
  const errors = findings.filter(({ severity }) => severity === "error");
  const document = {
    file,
    errors: errors.length,
    warnings: findings.length - errors.length,
    findings,
  };
  const shown = findings.map((finding) => ({ file, ...finding }));
  showFindings(context, shown, document, options);
  if (errors.length > 0 || (strict && findings.length > 0)) throw hasFaults(file, findings);
  remark(context, `${visible(file)}: ${countText(findings)}.\n`);
}

async function live(
  { env, now }: Context,
  file: LocatedPolicy,
  read: typeof fetch,
): Promise<readonly LocatedPolicyFinding[]> {
  const { liveFindings } = await import("../policy/live-findings.ts");
  const found = await liveFindings(file.policy, { env, now, fetch: read });
  return found.map((finding) => locatedFinding(file, finding));
}

function hasFaults(file: string, findings: readonly LocatedPolicyFinding[]): Failure {
  const onlyWarnings = findings.every(({ severity }) => severity === "warning");
  const strictly = onlyWarnings ? ", and --strict takes warnings for errors" : "";
  return new Failure("faulty", "policy-faulty", {
    what: `${file} has ${countText(findings)}${strictly}.`,
    notDone: "Nothing was changed.",
    next: [
      onlyWarnings
        ? "Next: correct each of them, or leave one kind out: --ignore <code>."
        : "Next: correct each of them, and check it again.",
    ],
  });
}

const noWarning = (code: string) =>
  new Failure("usage", "usage", {
    what: `"${code}" is no warning that can be ignored.`,
    notDone: "Nothing was done.",
    next: [`Next: name one of ${WARNINGS.join(", ")}.`],
  });
