/** The schemas of who must approve, in each answer of the API that says so. */
import * as z from "zod/mini";

const Texts = z.array(z.string());
const Whole = z.int();
const Instant = z.string().check(z.meta({ format: "date-time" }));

const REQUIREMENT = {
  groups: Texts,
  count: Whole,
  onCall: z.exactOptional(
    z
      .string()
      .check(
        z.meta({ description: "A schedule: of the groups, whoever is on call is asked first." }),
      ),
  ),
};
const PEOPLE = { people: Texts };
const ESCALATION = { afterSeconds: Whole, groups: Texts };
const ASKED = { ...ESCALATION, askedFrom: Instant };

const listOf = <One extends z.core.$ZodShape, Later extends z.core.$ZodShape>(
  one: One,
  later: Later,
) => z.array(z.strictObject({ ...one, escalate: z.exactOptional(z.strictObject(later)) }));

/** The requirements of a rule. */
export const Requirements = listOf(REQUIREMENT, ESCALATION);
/** The same, with everyone who can give it. */
export const Approvers = listOf({ ...REQUIREMENT, ...PEOPLE }, { ...ESCALATION, ...PEOPLE });
/** The approvals that a request still lacks, and when a second circle is asked. */
export const Needs = listOf({ ...REQUIREMENT, ...PEOPLE }, { ...ASKED, ...PEOPLE });
export const NeedsWithoutPeople = listOf(REQUIREMENT, ASKED);

/** The approvals that a request needs, and where they may be given. */
export const DECIDING = {
  requirements: Requirements,
  needs: Needs,
  decideIn: z.exactOptional(
    z
      .array(z.enum(["api", "slack"]))
      .check(z.meta({ description: "Where its approvers may decide, while it is pending." })),
  ),
};
