/**
 * Facts that AWS does not document, and that one grant on a real cluster settles: rows of
 * docs/first-deployment.md, as they are written there.
 */
export const FACTS = {
  signIn: "`identitystore:UserId` is in requests of Identity Center's sessions to assume a role",
  spoke: "A spoke's grantor role goes by `aws:PrincipalArn` and the source identity of converge",
  tag: "`eks:TagResource` at creation is evaluated on the entry",
  username: "`eks:username` is absent or empty in CreateAccessEntry",
} as const;
