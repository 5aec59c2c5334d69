/** The links of a page, by what a reader without a checkout can follow. */
import path from "node:path";
import type { Links } from "./spans.ts";
import { topicOfFile } from "./topics.ts";

/** Links of one page, and those that it was asked for so far. */
export interface PageLinks extends Links {
  /** `[1] timelatch docs runbook`, a line each. */
  readonly lines: () => readonly string[];
}

/**
 * @param file the page's own, from the root
 * @param isPage whether a file is one that the command shows
 */
export function pageLinks(file: string, isPage: (file: string) => boolean): PageLinks {
  const numbers = new Map<string, number>();
  return {
    targetOf(href) {
      if (/^[a-z]+:/.test(href)) return href;
      const [name = "", anchor] = href.split("#", 2);
      const target = name === "" ? file : path.posix.join(path.posix.dirname(file), name);
      // Sources and pictures are only in a checkout.
      if (!isPage(target)) return undefined;
      return `timelatch docs ${topicOfFile(target)}${anchor === undefined ? "" : `#${anchor}`}`;
    },
    numberOf(target) {
      const number = numbers.get(target) ?? numbers.size + 1;
      numbers.set(target, number);
      return number;
    },
    lines: () => [...numbers].map(([target, number]) => `[${number}] ${target}`),
  };
}
