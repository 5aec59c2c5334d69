/**
 * One plain e-mail address of ASCII. Nothing in it could be a second address, a name or a comment. SES takes no
 * other characters before the @, and a domain in Punycode:
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
 */
const MAIL_ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
const LONGEST = 254;

/** Whether e-mail can be sent to a text, and to nobody else by it. */
export const isMailAddress = (text: string): boolean =>
  text.length <= LONGEST && MAIL_ADDRESS.test(text);

/**
 * The identities of SES by which an address may send: itself, its domain, and each domain above. A name
 * without a dot is no domain of anybody.
 */
export function sendingIdentities(address: string): readonly string[] {
  const labels = address.slice(address.indexOf("@") + 1).split(".");
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join("."));
  return [address, ...domains];
}
