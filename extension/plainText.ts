/**
 * Texts that come from files, models and the system, where VS Code would read more into them than letters.
 */

/** Between two characters: not seen, and not broken at. */
const wordJoiner = '\u2060';

/**
 * As a message shows it letter by letter. VS Code makes links of `[text](command:id)` in messages, and runs the command
 * at a click; the name of a model or a file might be one.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', `]${wordJoiner}(`);
}

/** As a list shows it letter by letter: `$(check)` would become an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', `$${wordJoiner}(`);
}
