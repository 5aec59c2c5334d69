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

  function read(typed: string): string {
    active();
    if (/^\d{6}$/.test(typed)) return ENTRIES[launch.typed(typed)];
    if (!asked)
      return typed === "" ? "Type the six digits that the page shows; Ctrl-C ends it." : UNKNOWN;
    const { word, answer } = asked;
    if (typed === word) {
      answer(true);
      return "Agreed.";
    }
    if (/^no?$/i.test(typed)) {
      answer(false);
      return "Refused. Nothing was sent.";
    }
    return `Type ${word} to agree, or n to refuse.`;
  }

  return {
    sit: (prompt, address) =>
      prompt.ask(`Digits that the page at ${address} shows: `, (typed) => ({ wrong: read(typed) })),
    async agreed(terms, gone) {
      // One after the other: nobody should have to tell two questions apart.
      if (asked || gone.aborted) return false;
      const word = String(randomInt(10, 100));
      const facts = terms.facts.length === 0 ? "" : renderFacts(terms.facts, err);
      const ask = `Type ${word} to agree, or n to refuse: `;
      err.write(
        `\n\n${facts}\n${wrapLines(`${terms.question} ${visible(terms.why)}`, err.columns)}\n${ask}`,
      );
      const answer = await new Promise<boolean>((resolve) => {
        asked = { word, answer: resolve };
        gone.addEventListener("abort", () => resolve(false), { once: true });
      });
      asked = undefined;
      if (gone.aborted) err.write("\nThe page no longer waits. Nothing was sent.\n");
      return answer;
    },
  };
}

const UNKNOWN = "Those are not six digits. Nothing waits for another answer.";

const ENTRIES: Readonly<Record<Entry, string>> = {
  in: "Let in. Ctrl-C ends the console.",
  wrong: "No page shows these digits.",
  refused:
    "No page shows these digits. After three wrong entries, every page that waits was refused.",
  nobody: "No page waits for digits. Open the address above.",
};
