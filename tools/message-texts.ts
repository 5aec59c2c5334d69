/**
 * Every text that the program can show a person, extracted from the sources, and the rule that they
 * must follow.
 *
 * A *refusal* says what happened, what was not done, and what to do next, by itself. A *part* is
 * a finding inside a refusal, which carries the other two: the objections inside "Nothing was
 * stored; change the request". A *note* refuses nothing: it warns, or says how something ended
 * that was meant to. A *log* is for operators alone: callers get the one text for all of these.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROBLEMS } from "../shared/http/contract/problems.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

export type MessageKind = "refusal" | "part" | "note" | "log";

export interface Message {
  readonly surface: string;
  readonly kind: MessageKind;
  /** `file:line`, from the root. */
  readonly where: string;
  /** As it stands in the source: `${…}` for what is filled in. */
  readonly text: string;
}

interface Surface {
  readonly name: string;
  readonly kind: MessageKind;
  readonly files: readonly string[];
  /** For parts, the file of the refusal that they are told in. */
  readonly carriedBy?: string;
}

/** Which texts beside errors there are, by file. Whatever says `detail:` there is one. */
export const SURFACES: readonly Surface[] = [
  {
    name: "What stands in a request's way",
    kind: "part",
    files: ["shared/domain/policy/eligibility.ts"],
    carriedBy: "shared/domain/policy/judge-ask.ts",
  },
  {
    name: "What stands in a start's way",
    kind: "part",
    files: ["shared/domain/policy/admission.ts"],
    carriedBy: "shared/domain/policy/admission.ts",
  },
  {
    name: "Where a body is wrong",
    kind: "part",
    files: [
      "shared/http/contract/request-body.ts",
      "shared/http/server/strict-json.ts",
      "shared/http/server/parse-body.ts",
    ],
    carriedBy: "shared/http/server/parse-body.ts",
  },
  {
    name: "Where access.yaml is wrong",
    kind: "part",
    files: [
      "shared/policy-file/access-policy-file.ts",
      "shared/policy-file/cross-check.ts",
      "shared/policy-file/parse-access-policy.ts",
    ],
    carriedBy: "infra/synth/access-file.ts",
  },
  {
    name: "Where an export does not hold",
    kind: "part",
    files: ["shared/domain/requests/audit-chain.ts"],
    carriedBy: "test/cli/failures/failure-texts.txt",
  },
  {
    name: "What a preview warns of",
    kind: "note",
    files: ["shared/domain/policy/warnings.ts", "shared/domain/policy/permits.ts"],
  },
  {
    name: "How access ended that was meant to",
    kind: "note",
    files: [
      "shared/usecases/requests/decide-request.ts",
      "shared/usecases/requests/end-grant.ts",
      "shared/usecases/converge/store-expiries.ts",
    ],
  },
  {
    name: "Why a request is refused, or comes to nothing",
    kind: "refusal",
    files: [
      "shared/domain/policy/judge-ask.ts",
      "shared/domain/clusters/cluster-facts.ts",
      "shared/usecases/requests/change-request.ts",
      "shared/usecases/converge/admit-grants.ts",
      "shared/usecases/converge/obstacle.ts",
      "shared/usecases/converge/refuse-additions.ts",
      "shared/http/server/problem-details.ts",
    ],
  },
  { name: "Synthesis", kind: "refusal", files: ["infra/synth/access-file.ts"] },
];

const LITERAL = '"(?:[^"\\\\\\n]|\\\\.)*"|`(?:[^`\\\\]|\\\\.)*`';
const ERROR = new RegExp(`new BrokerError\\(\\s*"([a-z-]+)",\\s*(${LITERAL})`, "g");
const TEXT = new RegExp(LITERAL, "g");
/** A sentence, or several. */
const SENTENCE = /^(?:[A-Z]|\$\{).* .*[.)]$/s;
/** Texts of the API's description, which stand among a body's. */
const DESCRIPTION = /\bdescription:\s*$/;
/** What is said of an error that is a defect, and of the module's own. */
const DEFECT = /new Error\(\s*$/;
/** What stands around others' words, and carries them. */
const CONTAINER = /^\$\{\w+\} Nothing was /;
/** What is said to such a container. */
const CARRIED = /\b(?:denied\(|invalid\("[^"]*",)\s*$/;

export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A source of the repository without its comments, its lines where they were. */
function sourceOf(file: string): Source {
  const text = readFileSync(path.join(ROOT, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/^\s*\/\/.*$/gm, "");
  return { file: file.split(path.sep).join("/"), text };
}

const SOURCES = ["shared/**/*.ts", "functions/*.ts", "infra/synth/access-file.ts"];

export const sources = (): readonly Source[] =>
  globSync(SOURCES, { cwd: ROOT }).sort().map(sourceOf);

const lineAt = (text: string, index: number) => text.slice(0, index).split("\n").length;
const bare = (literal: string) => literal.slice(1, -1).replace(/\\(.)/g, "$1");

/** Every text of one source. */
export function messagesIn({ file, text }: Source): readonly Message[] {
  const errors = [...text.matchAll(ERROR)].map((found): Message => {
    const [, code = "", literal = ""] = found;
    const { status, title } = PROBLEMS[code as keyof typeof PROBLEMS];
    const kind = status < 500 ? "refusal" : "log";
    const surface = `Problem ${code} (${status}): ${title}`;
    return { surface, kind, where: `${file}:${lineAt(text, found.index)}`, text: bare(literal) };
  });
  const surface = SURFACES.find(({ files }) => files.includes(file));
  if (!surface) return errors;
  const others = [...text.replace(ERROR, blank).matchAll(TEXT)].flatMap((found): Message[] => {
    const said = bare(found[0]);
    const before = text.slice(0, found.index);
    const isDefect = DEFECT.test(before) && surface.kind !== "refusal";
    if (!SENTENCE.test(said) || DESCRIPTION.test(before) || isDefect) return [];
    const carried = CARRIED.test(before) ? "part" : surface.kind;
    const kind = CONTAINER.test(said) ? "refusal" : carried;
    return [
      { surface: surface.name, kind, where: `${file}:${lineAt(text, found.index)}`, text: said },
    ];
  });
  return [...errors, ...others];
}

/** As long and with as many lines, but saying nothing. */
const blank = (matched: string) => matched.replace(/[^\n]/g, " ");

/** The CLI's failures, as their catalogue has them. */
export function cliMessages(): readonly Message[] {
  const file = "test/cli/failures/failure-texts.txt";
  const surface = "Failures of timelatch";
  return readFileSync(path.join(ROOT, file), "utf8")
    .trim()
    .split(/^# /m)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [name = "", ...lines] = entry.trim().split("\n");
      return { surface, kind: "refusal", where: `${file}: ${name}`, text: lines.join("\n") };
    });
}

export const allMessages = (): readonly Message[] => [
  ...sources().flatMap(messagesIn),
  ...cliMessages(),
];

/** What was not done, or may have been. */
const UNDONE =
  /\bnothing (?:was|is|more|of it)\b|\bmay or may not have been\b|\bmay have been done\b|\bwas not (?:completed|verified)\b/i;

/** A clause that tells somebody to do something begins with one of these, or with `Next:`. */
const IMPERATIVES =
  "ask|call|change|choose|correct|deny|end|fix|have|leave|look|make|mend|name|read|see|send|shorten|tell|try|update|wait|write";
const NEXT = new RegExp(`(?:^|[.;:,)]\\s+)(?:Next:|(?:then |or )?(?:${IMPERATIVES})\\b)`, "im");
/** Where somebody else has to do it. */
const BY_OTHERS = /\bWhoever \w+ (?:the cluster|the entry) (?:changes|deletes)\b/;

/** What is filled in at the beginning counts as one: it is others' words. */
const sentencesOf = (text: string) => text.split(/(?<=[.;)]|^\$\{\w+\})\s+/);

/**
 * Which of the three a text lacks; a part, a note or a log has to be a sentence. What happened is
 * a sentence that says neither of the others.
 */
export function lacksOf({ kind, text }: Message): readonly string[] {
  if (kind !== "refusal") return /[.:)]$/.test(text) ? [] : ["a sentence's end"];
  const isOther = (sentence: string) =>
    [UNDONE, NEXT, BY_OTHERS].some((form) => form.test(sentence));
  return [
    ...(sentencesOf(text).every(isOther) ? ["what happened"] : []),
    ...(UNDONE.test(text) ? [] : ["what was not done"]),
    ...(NEXT.test(text) || BY_OTHERS.test(text) ? [] : ["what to do next"]),
  ];
}
