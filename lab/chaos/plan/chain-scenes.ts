/** Scenes of chains: a grant that was extended ends as a whole, long before its links would end by themselves. */
import type { Action } from "./action.ts";
import {
  APPROVED_AFTER,
  APPROVER,
  asker,
  endBy,
  inTurn,
  lend,
  type Scene,
  SECOND,
  type Stand,
} from "./scene.ts";
import type { TermsName } from "./terms.ts";

const SECONDS = 90;
/** A grant is active by then, so that it can be extended. */
const EXTENDED_AFTER = 13 * SECOND;

/** Both links are active by then. */
const ENDED_AFTER = 23 * SECOND;

function chain({ at, life }: Stand, person: string, terms: TermsName): readonly Action[] {
  const more = { life: life + 1, at: at + EXTENDED_AFTER };
  return [
    ...lend({ life, person, terms, seconds: SECONDS, at }),
    { kind: "extend", ...more, of: life, person, seconds: SECONDS },
    { kind: "approve", life: more.life, person: APPROVER, at: more.at + APPROVED_AFTER },
  ];
}

const chainEnd = (kind: "return" | "revoke", terms: TermsName, first: number): Scene => ({
  seconds: 36,
  play: (stand) => {
    const person = asker(stand);
    const link = stand.life + ((stand.turn + first) % 2);
    return [...chain(stand, person, terms), endBy(kind, link, person, stand.at + ENDED_AFTER)];
  },
});

/** At their first and at their last link in turn. */
export const returnedChain = chainEnd("return", "edit-both", 0);
export const revokedChain = chainEnd("revoke", "view-worker", 1);

/** A suspended person keeps no access. */
export const stoppedChain: Scene = {
  seconds: 36,
  play: (stand) => {
    const whom = "mallory";
    return [
      ...chain(stand, whom, "edit-both"),
      {
        kind: "suspend",
        by: inTurn(stand, ["carol", "heidi"]),
        whom,
        at: stand.at + ENDED_AFTER,
        seconds: 25,
      },
    ];
  },
};
