/** How people cross each other: they end a chain at any of its links, and act on one request at the same instant. */
import type { Random } from "../../simulation/random.ts";
import type { Action, ActionOf } from "./action.ts";
import { termsOf } from "./terms.ts";

const SECOND = 1_000;

type Verb = "approve" | "deny" | "cancel" | "return" | "revoke";

/** Somebody ends a chain while one of its grants most likely lasts, at its first link or at its last. */
function chainEnd(random: Random, extension: ActionOf<"extend">): readonly Action[] {
  const { person } = extension;
  const life = random.chance(0.5) ? extension.of : extension.life;
  const at = extension.at + random.between(4, 15) * SECOND;
  return random.pick<readonly Action[]>([
    [],
    [{ kind: "return", life, person, at }],
    [{ kind: "revoke", life, person: random.pick(["carol", "heidi"]), at }],
  ]);
}

/** Each of them is answered by itself, and a person who is too late must hear so. */
function contest(random: Random, { life, person, terms, seconds, at }: ActionOf<"ask">) {
  const { approvers } = termsOf(terms);
  const [begins, verbs]: [number, (readonly [Verb, string])[]] = random.chance(0.5)
    ? [
        at + random.between(1, 3) * SECOND,
        [
          ...approvers.map((one) => ["approve", one] as const),
          ...[["deny", approvers[0] ?? "bob"] as const, ["cancel", person] as const],
        ],
      ]
    : [
        at + random.between(0.25, 0.8) * seconds * SECOND,
        [
          ["return", person],
          ["revoke", "carol"],
          ["revoke", "heidi"],
        ],
      ];
  return verbs.map(
    ([kind, who]): Action => ({ kind, life, person: who, at: begins, isContested: true }),
  );
}

const CONTESTED = 0.2;

/** @param people what they do beside that */
export function crossings(
  random: Random,
  _until: number,
  people: readonly Action[],
): readonly Action[] {
  return people.flatMap((one) => {
    if (one.kind === "extend") return chainEnd(random, one);
    return one.kind === "ask" && random.chance(CONTESTED) ? contest(random, one) : [];
  });
}
