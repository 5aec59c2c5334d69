/** Plays parts one after the other, and removes what each made before the next. */
import { Failure } from "../../failures/failure.ts";
import { type Cleaning, type Left, removeAll } from "./clean-up.ts";
import type { Fact } from "./fact.ts";
import type { Part } from "./part.ts";
import { named, type RedactableText, redactable } from "./report/redactable.ts";
import { NoCredentials } from "./scratch.ts";
import type { Stage } from "./stage.ts";

/** The result of a part. */
export interface Played {
  readonly part: string;
  readonly facts: readonly Fact[];
  /** Why it could not go on; undefined where it did. */
  readonly failed?: RedactableText;
}

/** Also what it made and nobody could remove. */
export interface PartEnd {
  readonly played: Played;
  readonly left: readonly Left[];
}

export interface PartsRun {
  readonly parts: readonly Part[];
  readonly stage: Stage;
  readonly cleaning: Cleaning;
  /** Told of each part when it begins, and when it is over. */
  readonly progress: {
    begins(part: string): void;
    played(end: PartEnd): void;
  };
}

/**
 * Nothing that a part made outlives it, if it can be removed: not after a failure, nor after an abort.
 *
 * @param signal stops it: what was made is removed all the same
 * @returns what each came to; those after an abort are left out
 */
export async function runParts(run: PartsRun, signal: AbortSignal): Promise<readonly PartEnd[]> {
  const all: PartEnd[] = [];
  for (const part of run.parts) {
    if (signal.aborted) break;
    run.progress.begins(part.name);
    const end = await playedBy(run, part, signal);
    all.push(end);
    run.progress.played(end);
  }
  return all;
}

async function playedBy(
  { stage, cleaning }: PartsRun,
  part: Part,
  signal: AbortSignal,
): Promise<PartEnd> {
  let facts: readonly Fact[] = [];
  let failed: RedactableText | undefined;
  try {
    facts = await part.play(stage);
  } catch (error) {
    failed = failureOf(error, signal);
  }
  const left = await removeAll(cleaning, stage.journal.left());
  return { played: { part: part.name, facts, ...(failed && { failed }) }, left };
}

/** AWS's own words may have identifiers in them: its names of errors are enough. */
export function failureOf(error: unknown, signal: AbortSignal): RedactableText {
  if (signal.aborted) return redactable`it was stopped`;
  if (error instanceof NoCredentials)
    return redactable`nobody gave credentials of account ${named("account", error.account)}: --account <account>=<profile>`;
  if (error instanceof Failure)
    return redactable`the API refused it: ${named("error", error.code)}. Run it as somebody whom access.yaml names`;
  const name = error instanceof Error ? error.name : "unknown";
  return isAnswered(error)
    ? redactable`AWS refused it with ${named("error", name)}, so the rest of this part is not settled`
    : redactable`a call had no answer (${named("error", name)}), so the rest of this part is not settled`;
}

/** Whether AWS answered: the SDK gives the status with the error. Slack's errors, and those of the network, have no such. */
const isAnswered = (error: unknown): boolean =>
  error instanceof Error &&
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
    ?.httpStatusCode !== undefined;
