/** A view of the page and what it shows, as `--open` takes it: `mine`, `requests/<id>`. */
import { InvalidArgumentError } from "commander";
import { isUuid } from "../../shared/domain/requests/id-prefix.ts";

export const VIEWS = [
  "mine",
  "decide",
  "ask",
  "clusters",
  "findings",
  "policy",
  "operator",
] as const;

/** Reads it for commander. @throws InvalidArgumentError */
export function parseView(text: string): string {
  const [, id = ""] = /^requests\/(.*)$/.exec(text) ?? [];
  if ((VIEWS as readonly string[]).includes(text) || isUuid(id)) return text;
  throw new InvalidArgumentError(`Write ${VIEWS.join(", ")}, or requests/<id> with the whole id.`);
}
