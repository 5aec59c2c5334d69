/** CSV as RFC 4180 writes it, harmless to spreadsheets and terminals. */
import { visible } from "../../shared/domain/values/visible-text.ts";

/**
 * Where a spreadsheet would begin a formula: at the start of a cell, or after a separator. Some
 * spreadsheets read a separator even inside quotes. The fullwidth forms count in some locales.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /(^|[,;|])([\s"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Always in quotes; hidden characters, line breaks and tabs among them, as escapes. */
const csvCell = (text: string): string =>
  `"${visible(text).replace(FORMULA, "$1$2'").replaceAll('"', '""')}"`;

/** One record with its line end. */
export const csvRecord = (cells: readonly string[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`;
