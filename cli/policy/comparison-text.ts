/**
 * The effects of a change of a policy, as text for a terminal and as Markdown for a pull request.
 */
import { formatDuration } from "../../shared/domain/values/duration.ts";
import type {
  ClaimChange,
  ClaimComparison,
} from "../../shared/policy-tools/compare/compare-claims.ts";
import type { Comparison } from "../../shared/policy-tools/compare/compare-policies.ts";
import type { GrantorRight } from "../../shared/policy-tools/compare/grantor-rights.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrap } from "../terminal/text-layout.ts";
import { aftermathSentences } from "./aftermath-sentences.ts";
import { factSentences } from "./fact-sentences.ts";
import { changeSentences, gainSentences, lossSentences } from "./lending-sentences.ts";
import { merged } from "./merged-rows.ts";
import { asCode, listed, type Mark, plain, shortArn } from "./words.ts";

interface Section {
  readonly title: string;
  readonly sign: "+" | "-" | "~";
  readonly sentences: readonly string[];
}

/** A comparison of policies, with the claims about them where both files are known. */
export interface ComparedFiles extends Comparison {
  readonly claims?: ClaimComparison | null;
}

/** The sections that have something to say. */
function sectionsOf(
  { lending, terms, standing, iam, lent, claims }: ComparedFiles,
  mark: Mark,
): readonly Section[] {
  const sections: readonly Section[] = [
    { title: "Claims", sign: "-", sentences: claims ? claimSentences(claims, mark) : [] },
    {
      title: "Gained",
      sign: "+",
      sentences: [
        ...gainSentences(lending.gained, mark),
        ...factSentences(standing.gained, "gained", mark),
      ],
    },
    {
      title: "Lost",
      sign: "-",
      sentences: [
        ...lossSentences(lending.lost, mark),
        ...factSentences(standing.lost, "lost", mark),
      ],
    },
    { title: "Other terms", sign: "~", sentences: changeSentences(terms, mark) },
    { title: "Lent already", sign: "~", sentences: aftermathSentences(lent, mark) },
    { title: "Gained in IAM", sign: "+", sentences: iamSentences(iam.gained, "may", mark) },
    { title: "Lost in IAM", sign: "-", sentences: iamSentences(iam.lost, "may no longer", mark) },
  ];
  return sections.filter(({ sentences }) => sentences.length > 0);
}

const nothingOf = ({ same }: Comparison) =>
  same
    ? "Nothing changes: the two policies say the same."
    : "The policies differ, but not in what anybody may borrow or approve.";

const COLOURS = { "+": "green", "-": "red", "~": "yellow" } as const;

export function comparisonText(comparison: ComparedFiles, out: Stream): string {
  const sections = sectionsOf(comparison, plain);
  if (sections.length === 0) return `${nothingOf(comparison)}\n`;
  return sections
    .map(({ title, sign, sentences }) => {
      const lines = sentences.flatMap((sentence) => {
        const [first = "", ...rest] = wrap(sentence, out.columns - 4);
        return [
          `  ${out.paint(COLOURS[sign], sign)} ${first}`,
          ...rest.map((line) => `    ${line}`),
        ];
      });
      return `${out.paint("bold", title)}\n${lines.map((line) => `${line}\n`).join("")}`;
    })
    .join("\n");
}

/** GitHub takes 65,536 characters for a comment. */
const MOST_SENTENCES = 40;

export function comparisonMarkdown(comparison: ComparedFiles): string {
  const sections = sectionsOf(comparison, asCode);
  const texts = sections.map(({ title, sentences }) => {
    const shown = sentences.slice(0, MOST_SENTENCES);
    const left = sentences.length - shown.length;
    const lines = [...shown, ...(left > 0 ? [`… and ${left} more.`] : [])];
    return `**${title}**\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
  });
  const body = sections.length === 0 ? `${nothingOf(comparison)}\n` : texts.join("\n");
  return `### What this change of the access policy does\n\n${body}`;
}

/** The changes of the claims, those first that leave less claimed. */
const claimSentences = (
  { gone, excepted, changed, assumed }: ClaimComparison,
  mark: Mark,
): readonly string[] => [
  ...gone.map((name) => `The claim ${mark(name)} is gone.`),
  ...excepted.map(
    ({ name, exception }) => `The claim ${mark(name)} has a new exception: ${mark(exception)}.`,
  ),
  ...assumed.map(
    ({ group, policy }) =>
      `Claims now assume that the Kubernetes group ${mark(group)} has at most the rights of ${mark(policy)}.`,
  ),
  ...changed.map((change) => changeText(change, mark)),
];

function changeText({ name, key, before, after }: ClaimChange, mark: Mark): string {
  const text = (value: string | null) =>
    mark(key === "unattended" ? formatDuration(Number(value)) : (value ?? ""));
  if (after === null)
    return `The claim ${mark(name)} has no ${key} any more: it was ${text(before)}.`;
  const instead = before === null ? "" : `, and had ${text(before)}`;
  return `The claim ${mark(name)} has ${key} ${text(after)} now${instead}.`;
}

const COLUMNS = ["principal", "policy", "resource", "action", "statement"] as const;

/**
 * A sentence for statements whose bounds change in the same way. Denials belong to a role as a
 * whole: they come and go with it. Among conditions, only the namespaces are named.
 */
function iamSentences(
  rights: readonly GrantorRight[],
  may: "may" | "may no longer",
  mark: Mark,
): readonly string[] {
  const rows = rights
    .filter(({ effect }) => effect === "Allow")
    .map((right) => ({
      role: [`the grantor role for ${right.role} in ${right.account}`],
      statement: [right.statement],
      action: [right.action],
      resource: [shortArn(right.resource)],
      principal: right.principal === null ? [] : [shortArn(right.principal)],
      policy: right.policy === null ? [] : [right.policy.split("/").at(-1) ?? right.policy],
      namespaces: right.namespaces,
    }));
  return merged(rows, COLUMNS).map((row) => {
    const parts = [
      `${row.role[0]} ${may} call ${listed(row.action, mark)}`,
      row.policy.length > 0 ? `with ${listed(row.policy, mark)}` : "",
      row.namespaces.length > 0 ? `in ${listed(row.namespaces, mark)}` : "",
      `on ${listed(row.resource, mark)}`,
      row.principal.length > 0 ? `for ${listed(row.principal, mark)}` : "",
    ].filter((part) => part !== "");
    const sentence = `${parts.join(" ")} (${listed(row.statement, (id) => id)}).`;
    return sentence.replace(/^the/, "The");
  });
}
