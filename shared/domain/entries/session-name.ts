/**
 * The names of the role sessions in which the broker calls EKS. CloudTrail shows them. STS allows 64
 * characters: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */

const OF_GRANT = "timelatch-";
const OF_BINDING = "timelatch-b-";

/** The session for calls that one grant causes. */
export const grantSessionName = (grantId: string): string => OF_GRANT + grantId;

/** The grant in a session's name; undefined if the session belongs to no grant. */
export const grantOfSession = (sessionName: string | null): string | undefined =>
  sessionName?.startsWith(OF_GRANT) && !sessionName.startsWith(OF_BINDING)
    ? sessionName.slice(OF_GRANT.length)
    : undefined;

/** The session for calls that no single grant causes. @param binding the binding's key */
export const bindingSessionName = (binding: string): string => OF_BINDING + binding.slice(0, 40);
