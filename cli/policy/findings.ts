/** Lines that say what is wrong where in a file, for people and for GitHub. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { LocatedPolicyFinding } from "../../shared/policy-tools/finding.ts";
import { answer, type Context } from "../context.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrap } from "../terminal/text-layout.ts";

/** The shown part of a finding: about a policy, or about an expectation that does not hold. */
export type Shown = Pick<LocatedPolicyFinding, "severity" | "line" | "column" | "detail"> & {
  readonly file: string;
  readonly code: string;
};

export interface FindingsOptions {
  readonly format?: "text" | "github";
  /** Warnings fail too. */
  readonly strict?: true;
}

const COLOURS = { error: "red", warning: "yellow" } as const;

/** As compilers write it: `access.yaml:12:5: warning: … [rule-shadowed]`. */
function findingText({ severity, code, ...found }: Shown, out: Stream): string {
  const place = `${visible(found.file)}:${found.line}:${found.column}:`;
  const text = `${place} ${severity}: ${visible(found.detail)} [${code}]`;
  const [first = ""] = wrap(text, out.columns);
  const rest = text.slice(first.length).trimStart();
  const below = rest === "" ? [] : wrap(rest, out.columns - 2).map((line) => `  ${line}`);
  const painted = first.replace(severity, out.paint(COLOURS[severity], severity));
  return [painted, ...below].map((line) => `${line}\n`).join("");
}

/**
 * An annotation of a pull request.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotationText(found: Shown): string {
  const properties = {
    file: found.file,
    line: String(found.line),
    col: String(found.column),
    title: `timelatch policy: ${found.code}`,
  };
  const named = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${found.severity} ${named.join(",")}::${message(visible(found.detail))}\n`;
}

/** The characters that end a message are escaped, as are those that end a property. */
const message = (text: string) =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Prints findings on standard output, each on its own; under `--json` only the document. */
export function showFindings(
  context: Context,
  findings: readonly Shown[],
  document: object,
  { format }: FindingsOptions,
): void {
  const { out } = context.screen;
  answer(context, document, () =>
    findings
      .map((found) => (format === "github" ? annotationText(found) : findingText(found, out)))
      .join(""),
  );
}

/** `1 error and 2 warnings` */
export function countText(findings: readonly Pick<Shown, "severity">[]): string {
  const counts = (["error", "warning"] as const).map((severity) => {
    const count = findings.filter((found) => found.severity === severity).length;
    return count === 0 ? `no ${severity}s` : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.join(" and ");
}
