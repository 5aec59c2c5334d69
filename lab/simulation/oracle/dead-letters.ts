import type { Facts } from "./facts.ts";
import type { Truth } from "./truth.ts";

/** A message went into the dead letters, which is a fault where nothing else went wrong. */
export function deadLetter(facts: Facts, truth: Truth | undefined, body: string): void {
  facts.note("queue", () => `dead letter ${body}`);
  facts.options.tally.count("messages", "deadLetter");
  if (truth && !truth.everDisturbed)
    facts.broken("no-dead-letter", `A message of ${truth.name} became a dead letter: ${body}`);
}
