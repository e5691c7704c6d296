/**
 * Texts and links in a hover's Markdown. What comes from files, models and the engine is shown letter by letter.
 */

/** ASCII punctuation, each of which a backslash before it makes plain (CommonMark, §2.4). */
const punctuation = /[!-/:-@[-`{-~]/g;

/** A text as Markdown that shows it as it is: its lines are lines, and nothing in it is a link, a picture or HTML. */
export function asMarkdown(text: string): string {
  return (
    text
      .split(/\r\n|[\n\r\u2028\u2029]/u)
      // White space before a line would make code of it, and behind it a break.
      .map((line) => line.trim().replace(punctuation, '\\$&'))
      .join('  \n')
      // Without words a line parts paragraphs.
      .replace(/(?: {2}\n){2,}/g, '\n\n')
  );
}

/** A link that runs a command. The parameters are JSON within an address; `title` is shown as it is. */
export function commandLink(title: string, command: string, ...parameters: readonly unknown[]): string {
  const query =
    parameters.length === 0 ? '' : `?${encodeForMarkdown(encodeURIComponent(JSON.stringify(parameters)))}`;
  return `[${asMarkdown(title)}](command:${command}${query})`;
}

/** `encodeURIComponent` leaves parentheses, which would end a link. */
function encodeForMarkdown(address: string): string {
  return address.replace(/[()']/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/**
 * A picture with what it shows in words, in CSS pixels. VS Code hands the words on as they are written, backslashes
 * and all: so they are written without what would end them.
 */
export function image(words: string, address: string, width: number, height: number): string {
  const plain = words.replace(/\s+/g, ' ').replace(/[[\]\\<>"&`]/g, (sign) => lookAlikes[sign]!);
  return `![${plain}](${address}|width=${width},height=${height})`;
}

const lookAlikes: Readonly<Record<string, string>> = {
  '[': '(',
  ']': ')',
  '\\': '⧵',
  '<': '‹',
  '>': '›',
  '"': '”',
  '&': '＆',
  '`': '’',
};
