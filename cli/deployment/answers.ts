/** The answers to `QUESTIONS`: from flags, else from somebody at a terminal. */
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { Prompt, Reading } from "../prompts/prompt.ts";
import { faultOf } from "./question-values.ts";
import { type Answers, optionName, QUESTIONS, type Question } from "./questions.ts";

/** Options of the command line by their names, as commander has them. */
export type QuestionOptions = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * @param known what was found out otherwise; an option adds to a list, and takes the place of anything else
 * @throws Failure `usage` for a flag with a wrong value, and without a terminal for one that is
 * missing; `interrupted`
 */
export async function answersOf(
  context: Context,
  options: QuestionOptions,
  known: Answers = {},
): Promise<Answers> {
  const given = joined(known, fromOptions(options));
  if (!context.screen.interactive) return complete(given);
  const prompt = context.prompt();
  try {
    return await askedFor(context, prompt, given);
  } finally {
    prompt.close();
  }
}

function joined(known: Answers, given: Answers): Answers {
  const lists = QUESTIONS.filter(({ flag, several }) => several && known[flag] && given[flag]);
  const added = lists.map(({ flag }) => [
    flag,
    [...new Set([...(known[flag] ?? []), ...(given[flag] ?? [])])],
  ]);
  return { ...known, ...given, ...Object.fromEntries(added) };
}

function fromOptions(options: QuestionOptions): Answers {
  const found = QUESTIONS.flatMap((question): readonly [string, readonly string[]][] => {
    const option = options[optionName(question.flag)];
    if (option === undefined) return [];
    const values = typeof option === "string" ? [option] : option;
    for (const value of values) {
      const fault = faultOf(question, value);
      if (fault !== undefined) throw notAValue(question, value, fault);
    }
    return [[question.flag, values]];
  });
  return Object.fromEntries(found);
}

/** Without a terminal, everything has to be there. */
function complete(given: Answers): Answers {
  const missing = QUESTIONS.filter(
    ({ flag, optional, when }) => !optional && !given[flag] && (when?.(given) ?? true),
  );
  if (missing.length > 0) throw flagsMissing(missing);
  return given;
}

async function askedFor(context: Context, prompt: Prompt, given: Answers): Promise<Answers> {
  let answers = given;
  for (const question of QUESTIONS) {
    const { flag, when } = question;
    if (answers[flag] || !(when?.(answers) ?? true)) continue;
    const values = await ask(prompt, question);
    answers = { ...answers, [flag]: values };
  }
  remark(context, "\n");
  return answers;
}

const ask = (prompt: Prompt, question: Question): Promise<readonly string[]> => {
  const { about, optional, several } = question;
  const how = several ? ", several by commas" : "";
  const end = optional ? `${how}, or Enter` : how;
  return prompt.ask(`${about.charAt(0).toUpperCase()}${about.slice(1)}${end}: `, (line) =>
    readLine(question, line),
  );
};

function readLine(question: Question, line: string): Reading<readonly string[]> {
  const values = (question.several ? line.split(",") : [line])
    .map((value) => value.trim())
    .filter((value) => value !== "");
  if (values.length === 0 && !question.optional) return { wrong: "It needs an answer." };
  const wrong = values.map((value) => faultOf(question, value)).find((fault) => fault);
  return wrong === undefined ? { value: values } : { wrong };
}

const NOT_DONE = "Nothing was written.";

const notAValue = ({ flag }: Question, value: string, fault: string) =>
  new Failure("usage", "usage", {
    what: `"${value}" is not a valid --${flag}.`,
    notDone: NOT_DONE,
    next: [`Next: ${fault.charAt(0).toLowerCase()}${fault.slice(1)}`],
  });

const flagsMissing = (questions: readonly Question[]) =>
  new Failure("usage", "flags-missing", {
    what: `${questions.map(({ flag }) => `--${flag}`).join(", ")} ${questions.length === 1 ? "is" : "are"} missing, and there is no terminal to ask at.`,
    notDone: NOT_DONE,
    findings: questions.map(({ flag, value, about }) => `--${flag} ${value}  ${about}`),
    next: ["Next: pass each of them, or run it at a terminal."],
  });
