/**
 * Reads every text for people from the sources, and checks it against the rule for messages.
 * A *refusal* says what happened, what was not done, and what to do next. A *part* is a finding
 * inside a refusal that has the other two. An example is an objection inside "Nothing was stored;
 * change the request". A *note* refuses nothing: it warns, or says how something ended. A *log* is
 * for operators only: callers get the same text for all of these.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROBLEMS } from "../shared/http/contract/problems.ts";
import { type MessageKind, SURFACES } from "./message-surfaces.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

export interface Message {
  readonly surface: string;
  readonly kind: MessageKind;
  /** `file:line`, from the root. */
  readonly where: string;
  /** As in the source, with `${…}` for values. */
  readonly text: string;
}

const LITERAL = '"(?:[^"\\\\\\n]|\\\\.)*"|`(?:[^`\\\\]|\\\\.)*`';
const ERROR = new RegExp(`new BrokerError\\(\\s*"([a-z-]+)",\\s*(${LITERAL})`, "g");
const TEXT = new RegExp(LITERAL, "g");
/** A sentence, or several. */
const SENTENCE = /^(?:[A-Z]|\$\{).* .*[.)]$/s;
/** Texts of the API's description, in the same files as a body's. */
const DESCRIPTION = /\bdescription:\s*$/;
/** An error that is a defect. */
const DEFECT = /new Error\(\s*$/;
/** A refusal around a filled-in text. */
const CONTAINER = /^\$\{\w+\} Nothing was /;
/** A text that is filled into such a refusal. */
const CARRIED = /\b(?:denied\(|invalid\("[^"]*",)\s*$/;

export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A source file without its comments, with unchanged line numbers. */
function sourceOf(file: string): Source {
  const text = readFileSync(path.join(ROOT, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/^\s*\/\/.*$/gm, "");
  return { file: file.split(path.sep).join("/"), text };
}

const SOURCES = [
  "shared/**/*.ts",
  "functions/*.ts",
  "infra/synth/access-file.ts",
  "infra/synth/read-deployment.ts",
];

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

/** Blank text of the same length, with the same number of lines. */
const blank = (matched: string) => matched.replace(/[^\n]/g, " ");

/** The CLI's failures, from their catalogue. */
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

/** Says what was not done, or may have been done. */
const UNDONE =
  /\bnothing (?:was|is|more|of it)\b|\bmay or may not have been\b|\bmay have been done\b|\bwas not (?:completed|verified)\b|\bwhat it made is removed\b/i;

/** A clause with a next step starts with one of these verbs, or with `Next:`. */
const IMPERATIVES =
  "ask|call|cancel|change|choose|correct|decide|deny|end|fix|have|leave|look|make|name|read|see|send|shorten|tell|try|update|wait|write";
const NEXT = new RegExp(`(?:^\\s*|[.;:,)]\\s+)(?:Next:|(?:then |or )?(?:${IMPERATIVES})\\b)`, "im");
/** Says what somebody else has to do. */
const BY_OTHERS = /\bWhoever \w+ (?:the cluster|the entry) (?:changes|deletes)\b/;

/** A value filled in at the beginning counts as a sentence. */
const sentencesOf = (text: string) => text.split(/(?<=[.;)]|^\$\{\w+\})\s+/);

/**
 * The parts that a text lacks. A part, a note or a log must be a sentence. The part that says what
 * happened must differ from the other two.
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
