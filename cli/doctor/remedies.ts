/**
 * The remedies where AWS has something else than the template says. CloudFormation compares a
 * template with the one before it, and never with what is there: to deploy the same one again
 * repairs nothing.
 */

const DRIFT = "(timelatch docs doctor#drift)";

/** For what is not as the deployed template has it. */
export const UNDO = `undo by hand what CloudTrail shows ${DRIFT}`;

/**
 * For what is not as the template of this folder has it.
 * @param deploy how a new template gets there
 */
export const undoIt = (deploy = "timelatch deploy"): string =>
  `${deploy}, where the new template is not deployed yet; else ${UNDO}`;

/**
 * The remedy for a missing part.
 * @param deploy how it gets there at first
 */
export const makeIt = (deploy = "timelatch deploy"): string =>
  `${deploy}, where it was never deployed; else make it again by hand ${DRIFT}`;
