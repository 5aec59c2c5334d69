/** The words around the rows of a list. A list that goes on says nothing of its rest. */

interface Listed {
  /** Undefined while nobody knows, or where it could not be read. */
  readonly rows: readonly unknown[] | undefined;
  /** Whether the API has more than these rows. */
  readonly isCut?: boolean;
}

/** The text in place of rows. @param none what holds where the whole list has no row */
export function emptyText({ rows, isCut = false }: Listed, none: string): string {
  if (rows === undefined) return "It could not be read.";
  return isCut ? "Not all was read. The part that was read has no row." : none;
}

/**
 * The same where somebody searches for a text in a list of access. A person may assume a role that `access.yaml` gives to
 * nobody.
 */
export function noMatchText(wanted: string, listed: Listed): string {
  if (listed.rows === undefined) return emptyText(listed, "");
  const where = listed.isCut ? " among what was read: there may be more" : "";
  return `No match for "${wanted}"${where}. Standing access names the people to whom access.yaml gives its principal; others may assume it too.`;
}

export const matchesText = (count: number): string =>
  count === 1 ? "1 match" : `${count} matches`;

/** `(3)`, or `(3+)` of a list that goes on. Empty while nobody knows. */
export const counterText = ({ rows, isCut = false }: Listed): string =>
  rows === undefined || (rows.length === 0 && isCut) ? "" : `(${rows.length}${isCut ? "+" : ""})`;

export const NOTHING_LENT =
  "No access that you can see is lent now. Standing access is not shown here.";
export const NOTHING_REACHES =
  "No access is known: no grant, and no access entry in the last reading.";
export const NOTHING_REACHED =
  "No access at that time is known: no grant by its events, and no entry of a reading.";
/** A person whom access.yaml does not name may have grants. */
export const NO_SUCH_GRANT =
  "No grant of a person of that name is known. Standing access was not looked for.";
export const NOTHING_OF_PERSON = "No row of the list is of this person.";
/** Said beside what somebody holds, too. */
export const NO_STANDING =
  "Standing access is not shown here: timelatch status --cluster NAME lists it.";
export const NOTHING_HELD = `You hold no access that Timelatch lent. ${NO_STANDING}`;
export const NOTHING_ENDED = "No request of yours has ended yet.";
export const NOTHING_CALLED = "No call for this request is on record.";
