/** CSV as RFC 4180 writes it, harmless to spreadsheets. */

/**
 * A spreadsheet takes a cell that starts with one of these for a formula.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n]/;

function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One record with its line end. */
export const csvRecord = (cells: readonly string[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`;
