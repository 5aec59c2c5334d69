/** The terminal beside the page: where people type the digits that let a page in, and agree to changes. */
import { randomInt } from "node:crypto";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Prompt } from "../prompts/prompt.ts";
import { renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import type { Terms } from "./consent.ts";
import type { Entry, Launch } from "./launch.ts";

export interface TerminalDesk {
  /** Reads lines until the prompt is closed. @throws Failure `interrupted` */
  sit(prompt: Prompt, address: string): Promise<never>;
  /** Shows the terms and asks. @returns false where somebody refuses, or the page is gone */
  agreed(terms: Terms, gone: AbortSignal): Promise<boolean>;
}

interface Question {
  /** Fresh for each question: a word that somebody typed for another one agrees to nothing. */
  readonly word: string;
  readonly answer: (agreed: boolean) => void;
}

/** @param active called at every line */
export function terminalDesk(launch: Launch, err: Stream, active: () => void): TerminalDesk {
  let asked: Question | undefined;

  function answerWith(agreed: boolean): string {
    asked?.answer(agreed);
    asked = undefined;
    return agreed ? "Agreed." : "Refused. Nothing was sent.";
  }

  function read(typed: string): string {
    active();
    if (/^\d{6}$/.test(typed)) return ENTRIES[launch.typed(typed)];
    if (!asked) return typed === "" ? EMPTY : UNKNOWN;
    if (typed === asked.word) return answerWith(true);
    return /^no?$/i.test(typed) ? answerWith(false) : "That was neither. Nothing was sent yet.";
  }

  return {
    async sit(prompt, address) {
      for (;;) {
        const question = asked ? askFor(asked.word) : `Digits that the page at ${address} shows: `;
        const typed = await prompt.ask(question, (line) => ({ value: line }));
        err.write(`${read(typed)}\n`);
      }
    },
    async agreed(terms, gone) {
      // One after the other: nobody should have to tell two questions apart.
      if (asked || gone.aborted) return false;
      const { question, answered } = questionUntil(gone);
      asked = question;
      err.write(textOf(terms, question.word, err));
      const answer = await answered;
      if (asked === question) asked = undefined;
      if (gone.aborted) err.write("\nThe page no longer waits. Nothing was sent.\n");
      return answer;
    },
  };
}

/** A question with a fresh word, which a page that no longer waits answers with no. */
function questionUntil(gone: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  gone.addEventListener("abort", () => resolve(false), { once: true });
  const question: Question = { word: String(randomInt(10, 100)), answer: resolve };
  return { question, answered: promise };
}

function textOf({ facts, question, why }: Terms, word: string, err: Stream): string {
  const listed = facts.length === 0 ? "" : renderFacts(facts, err);
  return `\n\n${listed}\n${wrapLines(`${question} ${visible(why)}`, err.columns)}\n${askFor(word)}`;
}

const EMPTY = "Type the six digits that the page shows; Ctrl-C ends it.";
const askFor = (word: string): string => `Type ${word} to agree, or n to refuse: `;

const UNKNOWN = "Those are not six digits. Nothing waits for another answer.";

const ENTRIES: Readonly<Record<Entry, string>> = {
  in: "Let in. Ctrl-C ends the console.",
  wrong: "No page shows these digits.",
  refused:
    "No page shows these digits. After three wrong entries, every page that waits was refused.",
  nobody: "No page waits for digits: they hold for a minute. Open the page again.",
};
